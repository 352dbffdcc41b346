using ClickOrleans.Kafka.Tests;
using ClickOrleans.Testing.Servers;

[assembly: AssemblyFixture(typeof(KafkaServer))]

namespace ClickOrleans.Kafka.Tests;

/// <summary>One Kafka for all tests that leave it running; started by the first that asks for its address.</summary>
public sealed class KafkaServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private TestServer? _server;

    public async Task<string> AddressAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _server ??= await TestServer.KafkaAsync();
            return _server.Address;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _gate.Dispose();
    }
}
