using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ClickOrleans.Grains.Tests")]
