using ClickOrleans.Grains.Pipelines;
using ClickOrleans.Testing;

namespace ClickOrleans.Grains.Tests.Pipelines;

public sealed class GrainSetTests
{
    private readonly InstantTime _time = new();
    private readonly List<string> _stopped = [];
    private readonly Dictionary<int, int> _asked = [];
    private readonly GrainSet<string> _grains;

    public GrainSetTests() => _grains = new("worker", StopAsync, _ => { }, _time);

    [Fact]
    public async Task Those_that_should_not_run_any_more_are_stopped_before_others_are_asked()
    {
        Assert.Empty(await EnsureAsync(3, index => Task.FromResult($"{index}")));

        Assert.Empty(await EnsureAsync(1, index =>
        {
            Assert.Equal(["1", "2"], _stopped);
            return Task.FromResult($"{index}");
        }));

        Assert.Equal(["0"], _grains.Reports);
    }

    [Fact]
    public async Task One_that_fails_is_told_about_and_asked_again_after_a_growing_pause_while_the_others_go_on()
    {
        for (var tick = 0; tick < 20; tick++)
        {
            var errors = await EnsureAsync(
                2, index => index == 0 ? throw new InvalidOperationException("broken") : Task.FromResult($"{index}"));
            Assert.Equal(["worker 0: broken"], errors);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(20, _asked[1]);
        Assert.InRange(_asked[0], 4, 8);
        Assert.Empty(await EnsureAfterAsync(TimeSpan.FromSeconds(5), index => Task.FromResult($"{index}")));
        Assert.Equal(["0", "1"], _grains.Reports);
    }

    [Fact]
    public async Task One_that_is_silent_is_not_asked_again_before_it_has_answered()
    {
        var silent = new TaskCompletionSource<string>();
        for (var tick = 0; tick < 3; tick++)
        {
            Assert.Equal(
                ["worker 0: no answer yet"],
                await EnsureAsync(2, index => index == 0 ? silent.Task : Task.FromResult($"{index}")));
        }

        Assert.Equal((1, 3), (_asked[0], _asked[1]));
        silent.SetResult("late");
        Assert.Empty(await EnsureAsync(2, index => Task.FromResult($"{index}")));
        Assert.Equal(["0", "1"], _grains.Reports);
    }

    private Task<string> StopAsync(int index)
    {
        _stopped.Add($"{index}");
        return Task.FromResult($"{index}");
    }

    private Task<List<string>> EnsureAfterAsync(TimeSpan pause, Func<int, Task<string>> ensure)
    {
        _time.Advance(pause);
        return EnsureAsync(2, ensure);
    }

    private async Task<List<string>> EnsureAsync(int count, Func<int, Task<string>> ensure)
    {
        var errors = new List<string>();
        await _grains.EnsureAsync(count, AskAsync, errors);
        return errors;

        async Task<string> AskAsync(int index)
        {
            _asked[index] = _asked.GetValueOrDefault(index) + 1;
            return await ensure(index);
        }
    }
}
