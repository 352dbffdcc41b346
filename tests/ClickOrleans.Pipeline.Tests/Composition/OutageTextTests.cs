using System.Net.Sockets;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Tests.Composition;

public sealed class OutageTextTests
{
    private static readonly string Refused = new SocketException((int)SocketError.ConnectionRefused).Message;

    private readonly OutageText _outages = new([new PipelineOutages(), new OtherOutages()]);

    public static TheoryData<Exception, string> Outages => new()
    {
        { new IOException("disk full"), "disk full" },
        { new UnauthorizedAccessException("read-only"), "read-only" },
        { new SocketException((int)SocketError.ConnectionRefused), Refused },
        { new TimeoutException("no answer"), "no answer" },
        { new IndexSetupException("wrong password"), "wrong password" },
        { new LogAppendException(1, 2, "queue full"), "1 of 2 messages were not acknowledged: queue full" },
        { new LogMissingException("clicks"), "There is no topic clicks." },
        { new FormatException("of an adapter"), "the adapter's own text" },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public void A_failure_of_the_outside_world_is_one_line(Exception exception, string text) =>
        Assert.Equal(text, _outages.Of(exception));

    [Fact]
    public void An_error_of_the_program_is_none() => Assert.Null(_outages.Of(new InvalidOperationException()));

    [Fact]
    public async Task Guarded_work_ends_in_that_line_and_an_error_of_the_program_keeps_its_type()
    {
        var outage = await Assert.ThrowsAsync<StartupException>(
            () => _outages.GuardAsync<int>(() => throw new IOException("disk full")));
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _outages.GuardAsync<int>(() => throw new InvalidOperationException()));

        Assert.Equal("disk full", outage.Message);
        Assert.IsType<IOException>(outage.InnerException);
        Assert.Equal(1, await _outages.GuardAsync(() => Task.FromResult(1)));
    }

    private sealed class OtherOutages : IOutageClassifier
    {
        public string? Describe(Exception exception) => exception is FormatException ? "the adapter's own text" : null;
    }
}
