using System.Diagnostics;
using ClickOrleans.AppHost.Servers;

namespace ClickOrleans.AppHost.Tests;

public sealed class ContainerRuntimeTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("exit 0", true)]
    [InlineData("echo 'Cannot connect to the Docker daemon' >&2; exit 1", false)]
    public async Task A_client_answers_for_its_engine(string script, bool expected)
    {
        using var program = new ScriptProgram(script);

        Assert.Equal(expected, await ContainerRuntime.AnswersAsync(program.Path, Timeout));
    }

    [Fact]
    public async Task A_program_that_is_missing_does_not_answer() =>
        Assert.False(await ContainerRuntime.AnswersAsync("no-such-container-runtime", Timeout));

    [Fact]
    public async Task An_engine_that_hangs_does_not_answer_and_ends_with_the_timeout()
    {
        using var program = new ScriptProgram("exec sleep 600");
        var begun = Stopwatch.GetTimestamp();

        Assert.False(await ContainerRuntime.AnswersAsync(program.Path, TimeSpan.FromSeconds(1)));

        Assert.True(Stopwatch.GetElapsedTime(begun) < Timeout);
    }
}
