using System.Net.Http.Json;
using System.Text.Json;

namespace ClickOrleans.AppHost.Silos;

/// <summary>
/// What can be done with the pipeline from the Aspire dashboard and by <c>aspire resource silo NAME</c>; each returns its result.
/// </summary>
internal static class SiloCommands
{
    public static IResourceBuilder<ProjectResource> WithPipelineCommands(
        this IResourceBuilder<ProjectResource> silo, int consumers) => silo
        .WithHttpCommand("/api/aggregation/run", "Run aggregation", "http", "run-aggregation", new HttpCommandOptions
        {
            Description = "Fold and index everything that is stored, and return the run.",
            IconName = "ArrowSync",
            IsHighlighted = true,
            GetCommandResult = ReadResultAsync,
        })
        .WithProcessCommand("verify", "Verify", context => VerifyProcess.CreateAsync(silo.Resource, context), new()
        {
            Description = "Compare log, store, rollups and index, and return the report.",
            IconName = "ShieldCheckmark",
            IsHighlighted = true,
            GetCommandResult = VerifyProcess.ReadResult,
        })
        .WithHttpCommand("/api/consumers", "Pause", "http", "pause", SetConsumers(0, "Pause", "Stop consuming."))
        .WithHttpCommand("/api/consumers", "Resume", "http", "resume", SetConsumers(consumers, "Play", "Consume again."));

    private static HttpCommandOptions SetConsumers(int count, string icon, string description) => new()
    {
        Method = HttpMethod.Put,
        PrepareRequest = context =>
        {
            context.Request.Content = JsonContent.Create(new { count });
            return Task.CompletedTask;
        },
        Description = description,
        IconName = icon,
        GetCommandResult = ReadResultAsync,
    };

    /// <summary>A request that was refused is a failure, and so is a run that ended with an error.</summary>
    private static async Task<ExecuteCommandResult> ReadResultAsync(HttpCommandResultContext context)
    {
        var body = await context.Response.Content.ReadAsStringAsync(context.CancellationToken);
        if (!context.Response.IsSuccessStatusCode)
        {
            var status = $"{(int)context.Response.StatusCode} {context.Response.ReasonPhrase}";
            return CommandResults.Failure($"{status}: {body}", body, CommandResultFormat.Text);
        }

        using var result = JsonDocument.Parse(body);
        return result.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String
            ? CommandResults.Failure(error.GetString()!, body, CommandResultFormat.Json)
            : CommandResults.Success("Done.", body, CommandResultFormat.Json);
    }
}
