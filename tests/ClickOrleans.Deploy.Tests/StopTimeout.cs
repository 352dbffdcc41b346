using System.Reflection;
using ClickOrleans.Silo.Configuration;

namespace ClickOrleans.Deploy.Tests;

/// <summary>How long a silo that is told to stop may take before it gives up.</summary>
internal static class StopTimeout
{
    public static TimeSpan Value { get; } = (TimeSpan)typeof(HttpOptions).Assembly
        .GetType("ClickOrleans.Silo.Hosting.SiloHost", throwOnError: true)!
        .GetField(nameof(StopTimeout), BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
}
