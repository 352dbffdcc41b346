namespace ClickOrleans.Silo.Hosting;

/// <summary>Builders that read the settings once, at start, where they are validated.</summary>
/// <remarks>
/// .NET watches the settings files, and where the machine has no inotify instance left, as with many containers on one host, that
/// ends the program.
/// </remarks>
internal static class HostBuilders
{
    private static readonly string[] NotWatching = ["--hostBuilder:reloadConfigOnChange=false"];

    public static WebApplicationBuilder Web() => WebApplication.CreateBuilder(NotWatching);

    public static HostApplicationBuilder Plain() => Host.CreateApplicationBuilder(NotWatching);
}
