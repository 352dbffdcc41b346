using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ClickOrleans.Telemetry.Tests")]
