using ClickOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace ClickOrleans.Silo.Tests.Hosting;

/// <summary>No settings file is watched: a machine may have no inotify instance left.</summary>
public sealed class HostBuildersTests
{
    [Fact]
    public void The_silos_builder_watches_no_file() => AssertWatchesNothing(HostBuilders.Web().Configuration);

    [Fact]
    public void The_commands_builder_watches_no_file() => AssertWatchesNothing(HostBuilders.Plain().Configuration);

    private static void AssertWatchesNothing(ConfigurationManager configuration)
    {
        var files = configuration.Sources.OfType<FileConfigurationSource>().ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.False(file.ReloadOnChange));
    }
}
