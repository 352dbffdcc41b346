using ClickOrleans.EndToEnd.Tests;
using ClickOrleans.Testing.Pipelines;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>The servers of all tests that leave them running.</summary>
public sealed class SharedServers : PipelineServers;
