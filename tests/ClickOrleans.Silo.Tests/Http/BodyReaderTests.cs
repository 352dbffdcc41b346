using System.Text.Json;
using ClickOrleans.Silo.Http;

namespace ClickOrleans.Silo.Tests.Http;

public sealed class BodyReaderTests
{
    [Fact]
    public void Members_are_read_and_those_left_out_stay_as_they_are()
    {
        var reader = Read("""{"count":3,"paused":true,"cron":"0 3 * * *","none":null}""");

        Assert.Equal((3, 0.5), (reader.Number("count", 1), reader.Number("rate", 0.5)));
        Assert.True(reader.Flag("paused", false));
        Assert.Equal(("0 3 * * *", null), (reader.Text("cron"), reader.Text("none")));
        Assert.Null(reader.Time("interval"));
        Assert.Empty(reader.Errors);
    }

    [Theory]
    [InlineData("1", "00:00:01")]
    [InlineData("0.5", "00:00:00.5")]
    [InlineData("\"1\"", "00:00:01")]
    [InlineData("\"90\"", "00:01:30")]
    [InlineData("\"00:00:05\"", "00:00:05")]
    [InlineData("\"1.00:00:00\"", "1.00:00:00")]
    public void A_time_is_read_as_everywhere(string json, string expected)
    {
        var reader = Read($$"""{"interval":{{json}}}""");

        Assert.Equal(TimeSpan.ParseExact(expected, "c", null), reader.Time("interval"));
        Assert.Empty(reader.Errors);
    }

    [Theory]
    [InlineData("true", "True")]
    [InlineData("\"soon\"", "soon")]
    [InlineData("\"1:30\"", "1:30")]
    [InlineData("[1]", "[1]")]
    public void What_is_no_time_is_refused(string json, string shown)
    {
        var reader = Read($$"""{"interval":{{json}}}""");

        Assert.Null(reader.Time("interval"));
        Assert.Equal(
            $"interval is '{shown}'; allowed are times: seconds, hh:mm:ss or d.hh:mm:ss", Assert.Single(reader.Errors).Message);
    }

    [Fact]
    public void Every_error_is_gathered_and_a_member_that_nobody_reads_is_one()
    {
        var reader = Read("""{"count":1.5,"rate":"many","paused":1,"cron":7,"cuont":2,"colour":"red"}""");

        reader.Number("count", 1);
        reader.Number("rate", 1.0);
        reader.Flag("paused", false);
        reader.Text("cron");

        Assert.Equal(
            [
                "count is '1.5'; allowed are whole numbers",
                "rate is 'many'; allowed are numbers",
                "paused is '1'; allowed are true and false",
                "cron is '7'; allowed are texts",
                "cuont is unknown; did you mean count?",
                "colour is unknown",
            ],
            reader.Errors.Select(error => error.Message));
    }

    [Fact]
    public void A_body_that_is_no_object_is_one_error()
    {
        Assert.Equal("body is '[4]'; allowed are JSON objects", Assert.Single(Read("[4]").Errors).Message);
    }

    [Fact]
    public void A_long_value_is_cut()
    {
        var reader = Read($$"""{"cron":[{{string.Join(',', Enumerable.Repeat(1, 100))}}]}""");
        reader.Text("cron");

        Assert.True(Assert.Single(reader.Errors).Message.Length < 120);
    }

    private static BodyReader Read(string json) => new(JsonDocument.Parse(json).RootElement);
}
