using System.CommandLine;
using ClickOrleans.Elasticsearch.Indices;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Silo.Configuration;
using ClickOrleans.Silo.Hosting;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>index rebuild</c>: builds the index anew behind its alias.</summary>
internal sealed class IndexCommand : Command
{
    public IndexCommand()
        : base("index", "Look after the index.")
    {
        var rebuild = new Command("rebuild", "Build a new Elasticsearch index from the rollups and swap it in; searching goes on throughout.");
        rebuild.SetAction((_, _) => CommandLine.GuardAsync(RebuildAsync));
        Subcommands.Add(rebuild);
    }

    private static async Task<int> RebuildAsync(CancellationToken cancellationToken)
    {
        using var host = ToolHost.Build(null);
        if (host.Services.GetService<ElasticsearchRebuild>() is not { } rebuild)
        {
            var index = host.Services.GetRequiredService<IClickIndex>().Description;
            throw new StartupException($"Only an Elasticsearch index can be rebuilt behind its alias (set ConnectionStrings:elasticsearch); here it is: {index}.");
        }

        await host.Services.GetRequiredService<Startup>().PrepareAsync(cancellationToken);
        var result = await rebuild.RunAsync(null, cancellationToken);
        Console.WriteLine($"{result.New} has replaced {result.Old}: {result.Documents:N0} documents, {result.Rejected:N0} refused.");
        return CommandLine.Done;
    }
}
