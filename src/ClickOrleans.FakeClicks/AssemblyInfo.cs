using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ClickOrleans.FakeClicks.Tests")]
