using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ClickOrleans.Pipeline.Tests")]
