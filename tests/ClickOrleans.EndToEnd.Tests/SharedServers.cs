using ClickOrleans.EndToEnd.Tests;
using ClickOrleans.Testing.Pipelines;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>The servers of all tests that do not stop them.</summary>
public sealed class SharedServers : PipelineServers;
