using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ClickOrleans.Pipeline.Tests.Producing;

/// <summary>A clock that moves only when the code under test waits for it, and then exactly as far as it waits.</summary>
internal sealed class SteppedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public SteppedTime()
        : base(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>The next wait that the code under test begins; the clock stands still.</summary>
    public async Task<TimeSpan> NextWaitAsync()
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _waits.Reader.ReadAsync(guard.Token);
    }

    /// <summary>Lets the code under test run on until <paramref name="duration"/> has passed and it waits again.</summary>
    /// <param name="begun">The wait in which it is.</param>
    /// <returns>The wait in which it is then, with what is left of it.</returns>
    public async Task<TimeSpan> RunAsync(TimeSpan begun, TimeSpan duration)
    {
        while (begun <= duration)
        {
            duration -= begun;
            Advance(begun);
            begun = await NextWaitAsync();
        }

        Advance(duration);
        return begun - duration;
    }
}
