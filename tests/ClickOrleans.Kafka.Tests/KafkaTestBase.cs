namespace ClickOrleans.Kafka.Tests;

/// <summary>A test on the shared server.</summary>
public abstract class KafkaTestBase(KafkaServer server) : IAsyncLifetime
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected KafkaBench Bench { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Bench = new(await server.AddressAsync());

    public async ValueTask DisposeAsync()
    {
        await Bench.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
