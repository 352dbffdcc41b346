using System.Text.Json;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Silo.Status;

namespace ClickOrleans.Silo.Http;

/// <summary>Changes of desired state. A member that is left out stays as it is.</summary>
internal static class ControlRoutes
{
    public static void MapControl(this RouteGroupBuilder api)
    {
        api.MapPut("/producers", (JsonElement body, PipelineControl control, CancellationToken token) =>
            ChangeAsync(body, control, ReadProducers, token));
        api.MapPut("/consumers", (JsonElement body, PipelineControl control, CancellationToken token) =>
            ChangeAsync(body, control, ReadConsumers, token));
        api.MapPut("/aggregation", (JsonElement body, PipelineControl control, CancellationToken token) =>
            ChangeAsync(body, control, ReadAggregation, token));
        api.MapPost("/aggregation/run", async (PipelineControl control, CancellationToken token) =>
            StatusReader.Of(await control.RunNowAsync(token)));
    }

    private static ProducersState ReadProducers(BodyReader reader, DesiredState desired) => new(
        reader.Number("count", desired.Producers.Count), reader.Number("ratePerSecond", desired.Producers.RatePerSecond));

    private static ConsumersState ReadConsumers(BodyReader reader, DesiredState desired) =>
        new(reader.Number("count", desired.Consumers.Count));

    private static AggregationState ReadAggregation(BodyReader reader, DesiredState desired)
    {
        var interval = reader.Time("interval");
        var cron = reader.Text("cron");
        var paused = reader.Flag("paused", desired.Aggregation.Paused);
        return interval is null && cron is null
            ? desired.Aggregation with { Paused = paused }
            : new AggregationState(interval, cron, paused);
    }

    private static async Task<IResult> ChangeAsync<T>(
        JsonElement body,
        PipelineControl control,
        Func<BodyReader, DesiredState, T> read,
        CancellationToken cancellationToken)
        where T : IDesiredPart
    {
        try
        {
            var reader = new BodyReader(body);
            var state = read(reader, await control.ReadAsync(cancellationToken));
            List<ValidationError> errors = [.. reader.Errors];

            // What could be read is judged even where the rest could not: every error is told at once.
            errors.AddRange(errors.Count > 0 ? state.Validate() : await control.ChangeAsync(state, cancellationToken));
            return errors.Count > 0 ? ValidationProblem.Of(errors) : Results.Ok(state);
        }
        catch (TimeoutException exception)
        {
            return Results.Problem($"store: {exception.Message}", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
