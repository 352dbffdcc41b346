using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ClickOrleans.Silo.Tests")]
