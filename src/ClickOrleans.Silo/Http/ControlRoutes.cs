using System.Text.Json;
using ClickOrleans.Grains.Aggregating;
using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Silo.Status;

namespace ClickOrleans.Silo.Http;

/// <summary>Changes of desired state. A member that is left out stays as it is.</summary>
internal static class ControlRoutes
{
    public static void MapControl(this RouteGroupBuilder api)
    {
        api.MapPut("/producers", PutProducersAsync);
        api.MapPut("/consumers", PutConsumersAsync);
        api.MapPut("/aggregation", PutAggregationAsync);
        api.MapPost("/aggregation/run", RunAsync);
    }

    private static Task<IResult> PutProducersAsync(JsonElement body, DesiredStateService keeper, IGrainFactory grains, CancellationToken cancellationToken) =>
        ChangeAsync(
            body,
            keeper,
            grains,
            (reader, desired) => new ProducersState(
                reader.Number("count", desired.Producers.Count), reader.Number("ratePerSecond", desired.Producers.RatePerSecond)),
            DesiredStateRules.Of,
            keeper.ChangeAsync,
            cancellationToken);

    private static Task<IResult> PutConsumersAsync(JsonElement body, DesiredStateService keeper, IGrainFactory grains, CancellationToken cancellationToken) =>
        ChangeAsync(
            body,
            keeper,
            grains,
            (reader, desired) => new ConsumersState(reader.Number("count", desired.Consumers.Count)),
            DesiredStateRules.Of,
            keeper.ChangeAsync,
            cancellationToken);

    private static Task<IResult> PutAggregationAsync(JsonElement body, DesiredStateService keeper, IGrainFactory grains, CancellationToken cancellationToken) =>
        ChangeAsync(body, keeper, grains, ReadAggregation, DesiredStateRules.Of, keeper.ChangeAsync, cancellationToken);

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
        DesiredStateService keeper,
        IGrainFactory grains,
        Func<BodyReader, DesiredState, T> read,
        Func<T, IEnumerable<ValidationError>> rules,
        Func<T, CancellationToken, Task> change,
        CancellationToken cancellationToken)
    {
        var reader = new BodyReader(body);
        var state = read(reader, await keeper.ReadAsync(cancellationToken));
        var faults = reader.Faults.Concat(rules(state)).ToLookup(fault => fault.Field, fault => fault.Message);
        if (faults.Count > 0)
        {
            return Results.ValidationProblem(faults.ToDictionary(group => group.Key, group => group.ToArray()));
        }

        await change(state, cancellationToken);
        await grains.GetGrain<IPipelineGrain>(0).ReconcileAsync();
        return Results.Ok(state);
    }

    private static async Task<IResult> RunAsync(IGrainFactory grains, CancellationToken cancellationToken) =>
        Results.Ok(StatusReader.Of(await grains.GetGrain<IAggregationGrain>(0).RunNowAsync(cancellationToken)));
}
