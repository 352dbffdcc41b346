using ClickOrleans.Cluster.Tests;

[assembly: AssemblyFixture(typeof(SharedServers))]

// Each test has the machine to itself: what is measured is how soon something happens.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
