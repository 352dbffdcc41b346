using ClickOrleans.Cluster.Tests;

[assembly: AssemblyFixture(typeof(SharedServers))]

// Tests measure delays, so they do not run in parallel.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
