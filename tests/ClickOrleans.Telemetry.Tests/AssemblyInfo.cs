using ClickOrleans.Telemetry.Tests;

[assembly: AssemblyFixture(typeof(SharedServers))]

// Not parallel: some tests freeze the shared servers.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
