using ClickOrleans.Dashboard.Tests.Browsing;

[assembly: AssemblyFixture(typeof(Chromium))]

// Tests measure delays, so they do not run in parallel.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
