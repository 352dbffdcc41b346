using ClickOrleans.Dashboard.Tests.Browsing;

// Each application is several processes; one at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Chromium))]
