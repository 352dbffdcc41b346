using ClickOrleans.Deploy.Tests.Aspire;

[assembly: AssemblyFixture(typeof(SharedServers))]
