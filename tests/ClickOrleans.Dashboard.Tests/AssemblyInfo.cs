using ClickOrleans.Dashboard.Tests.Browsing;

[assembly: AssemblyFixture(typeof(Chromium))]

// Each test has the machine to itself: what is measured is how soon something shows.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
