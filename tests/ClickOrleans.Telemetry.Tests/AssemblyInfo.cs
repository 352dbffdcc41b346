using ClickOrleans.Telemetry.Tests;

[assembly: AssemblyFixture(typeof(SharedServers))]

// One after another: some freeze the servers that others need.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
