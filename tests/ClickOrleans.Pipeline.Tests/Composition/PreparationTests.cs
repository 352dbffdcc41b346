using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace ClickOrleans.Pipeline.Tests.Composition;

public sealed class PreparationTests
{
    private readonly IEmbeddedStorage _storage = Substitute.For<IEmbeddedStorage>();
    private readonly IStoreSchema _schema = Substitute.For<IStoreSchema>();
    private readonly IPreparationStep _step = Substitute.For<IPreparationStep>();
    private readonly IClickLog _log = Substitute.For<IClickLog>();
    private readonly FakeTimeProvider _time = new();
    private readonly Preparation _preparation;

    public PreparationTests()
    {
        _schema.Description.Returns("the store");
        _preparation = new Preparation(
            [_storage],
            _schema,
            _log,
            Substitute.For<IClickIndex>(),
            [_step],
            Options.Create(new StartupOptions { StartTimeout = TimeSpan.FromSeconds(3) }),
            _time,
            NullLogger<Preparation>.Instance);
    }

    [Fact]
    public async Task A_silo_owns_its_storage_first_and_prepares_store_steps_and_log_once()
    {
        await _preparation.RunForSiloAsync(CancellationToken.None);
        await _preparation.RunAsync(CancellationToken.None);

        Received.InOrder(() =>
        {
            _storage.Own();
            _ = _schema.ApplyAsync(CancellationToken.None);
            _ = _step.ApplyAsync(CancellationToken.None);
            _ = _log.OpenAsync(CancellationToken.None);
        });
        await _schema.Received(1).ApplyAsync(Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_command_does_not_own_it()
    {
        await _preparation.RunAsync(CancellationToken.None);

        _storage.DidNotReceive().Own();
    }

    [Fact]
    public async Task A_server_that_comes_back_in_time_is_waited_for()
    {
        _schema.ApplyAsync(default).ReturnsForAnyArgs(
            _ => Task.FromException(new IOException("refused")),
            _ => Task.FromException(new IOException("refused")),
            _ => Task.CompletedTask);

        var preparing = Prepare();
        Advance(seconds: 2);

        await preparing;
        await _schema.Received(3).ApplyAsync(Arg.Any<CancellationToken>());
        await _log.Received(1).OpenAsync(Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task One_that_does_not_is_named_with_its_last_reason()
    {
        _schema.ApplyAsync(default).ThrowsAsyncForAnyArgs(new IOException("refused"));

        var preparing = Prepare();
        Advance(seconds: 3);

        var exception = await Assert.ThrowsAsync<StartupException>(() => preparing);
        Assert.Equal("the store cannot be used: refused", exception.Message);
        await _log.DidNotReceive().OpenAsync(Arg.Any<CancellationToken>());
    }

    /// <summary>Without a context the continuation of a delay runs within the call that advances the time.</summary>
    private Task Prepare()
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return _preparation.RunAsync(CancellationToken.None);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private void Advance(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
