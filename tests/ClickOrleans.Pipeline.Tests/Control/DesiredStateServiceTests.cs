using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Tests.Control;

public sealed class DesiredStateServiceTests
{
    private static readonly DesiredState Configured = new(
        new ProducersState(1, 1000), new ConsumersState(2), new AggregationState(TimeSpan.FromSeconds(5), null, false));

    private readonly StoreInMemory _store = new();
    private readonly DesiredStateService _service;

    public DesiredStateServiceTests() => _service = new DesiredStateService(_store, Configured);

    [Fact]
    public async Task What_is_configured_holds_until_something_else_is_stored()
    {
        Assert.Equal(Configured, await _service.ReadAsync(CancellationToken.None));

        var changed = Configured with
        {
            Consumers = new ConsumersState(7),
            Aggregation = new AggregationState(null, "0 3 * * *", true),
        };
        Assert.Empty(await _service.ChangeAsync(changed.Consumers, CancellationToken.None));
        Assert.Empty(await _service.ChangeAsync(changed.Aggregation, CancellationToken.None));

        Assert.Equal(changed, await new DesiredStateService(_store, Configured).ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_is_not_allowed_is_returned_field_by_field_and_not_stored()
    {
        var errors = await _service.ChangeAsync(new ProducersState(65, -1), CancellationToken.None);

        Assert.Equal(
            ["count is '65'; allowed are 0 to 64", "ratePerSecond is '-1'; allowed are 0 to 10000000"],
            errors.Select(error => error.Message));
        Assert.Empty(_store.Texts);
    }

    [Theory]
    [InlineData(null, null, "interval is ''; allowed are either an interval or a cron expression")]
    [InlineData(5.0, "0 3 * * *", "interval is '00:00:05'; allowed are either an interval or a cron expression")]
    [InlineData(0.5, null, "interval is '00:00:00.5'; allowed are 00:00:01 to 1.00:00:00")]
    [InlineData(86401.0, null, "interval is '1.00:00:01'; allowed are 00:00:01 to 1.00:00:00")]
    [InlineData(null, "now", "cron is 'now'; allowed are five fields (minute hour day month weekday), or six with seconds first")]
    public async Task A_schedule_is_an_interval_or_a_cron_expression(double? seconds, string? cron, string message)
    {
        TimeSpan? interval = seconds is { } number ? TimeSpan.FromSeconds(number) : null;

        var error = Assert.Single(
            await _service.ChangeAsync(new AggregationState(interval, cron, false), CancellationToken.None));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private sealed class StoreInMemory : IDesiredStateStore
    {
        public Dictionary<string, string> Texts { get; } = [];

        public Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(Texts);

        public Task WriteAsync(string name, string json, CancellationToken cancellationToken)
        {
            Texts[name] = json;
            return Task.CompletedTask;
        }
    }
}
