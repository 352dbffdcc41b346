using System.Globalization;
using System.Text;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Wire;
using CsCheck;

namespace ClickOrleans.Pipeline.Tests.Wire;

public sealed class ClickTimestampTests
{
    private readonly ClickDecoder _decoder = new();

    [Theory]
    [InlineData("\"2024-02-29T23:59:59Z\"", "2024-02-29T23:59:59.000000")]
    [InlineData("\"2024-02-29 23:59:59\"", "2024-02-29T23:59:59.000000")]
    [InlineData("\"2000-02-29T00:00:00\"", "2000-02-29T00:00:00.000000")]
    [InlineData("\"2024-02-29T23:59:59.5\"", "2024-02-29T23:59:59.500000")]
    [InlineData("\"2024-02-29 23:59:59.000001Z\"", "2024-02-29T23:59:59.000001")]
    [InlineData("\"2024-02-29T23:59:59.999999999999999999999Z\"", "2024-02-29T23:59:59.999999")]
    [InlineData("\"2024-02-29T23:59:59.1234567+00:00\"", "2024-02-29T23:59:59.123456")]
    [InlineData("\"2024-03-01T00:30:00+02:00\"", "2024-02-29T22:30:00.000000")]
    [InlineData("\"2024-02-29T22:30:00-02:00\"", "2024-03-01T00:30:00.000000")]
    [InlineData("\"2024-02-29T22:30:00-00:00\"", "2024-02-29T22:30:00.000000")]
    [InlineData("\"2024-02-29T22:30:00.25+05:45\"", "2024-02-29T16:45:00.250000")]
    [InlineData("\"2024-02-29T22:30:00+23:59\"", "2024-02-28T22:31:00.000000")]
    [InlineData("\"1970-01-01T00:00:00Z\"", "1970-01-01T00:00:00.000000")]
    [InlineData("\"1969-12-31T23:30:00-01:00\"", "1970-01-01T00:30:00.000000")]
    [InlineData("\"9999-12-31T23:59:59.9999999Z\"", "9999-12-31T23:59:59.999999")]
    [InlineData("\"2024\\u002d02-29T23:59:59\\u005A\"", "2024-02-29T23:59:59.000000")]
    [InlineData("0", "1970-01-01T00:00:00.000000")]
    [InlineData("-0", "1970-01-01T00:00:00.000000")]
    [InlineData("100000000000", "1973-03-03T09:46:40.000000")]
    [InlineData("253402300799999", "9999-12-31T23:59:59.999000")]
    public void Accepted(string json, string expected) =>
        Assert.Equal(expected, Decode(json)?.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"now\"")]
    [InlineData("\"1714979289000\"")]
    [InlineData("\"2024-02-29\"")]
    [InlineData("\"2024-02-29T23:59Z\"")]
    [InlineData("\"2023-02-29T00:00:00\"")]
    [InlineData("\"1900-02-29T00:00:00\"")]
    [InlineData("\"2024-04-31T00:00:00\"")]
    [InlineData("\"2024-00-10T00:00:00\"")]
    [InlineData("\"2024-13-10T00:00:00\"")]
    [InlineData("\"2024-10-00T00:00:00\"")]
    [InlineData("\"0000-10-10T00:00:00\"")]
    [InlineData("\"2024-10-10T24:00:00\"")]
    [InlineData("\"2024-10-10T23:60:00\"")]
    [InlineData("\"2016-12-31T23:59:60Z\"")]
    [InlineData("\"2024-10-10t23:00:00\"")]
    [InlineData("\"2024-10-10T23:00:00z\"")]
    [InlineData("\"2024-10-10  23:00:00\"")]
    [InlineData("\" 2024-10-10T23:00:00\"")]
    [InlineData("\"2024-10-10T23:00:00 \"")]
    [InlineData("\"2024-10-10T23:00:00 Z\"")]
    [InlineData("\"2024-10-10T23:00:00.\"")]
    [InlineData("\"2024-10-10T23:00:00.Z\"")]
    [InlineData("\"2024-10-10T23:00:00,5Z\"")]
    [InlineData("\"2024-10-10T23:00:00.5ZZ\"")]
    [InlineData("\"2024-10-10T23:00:00.5Z+00:00\"")]
    [InlineData("\"2024-10-10T23:00:00+0100\"")]
    [InlineData("\"2024-10-10T23:00:00+01\"")]
    [InlineData("\"2024-10-10T23:00:00+1:00\"")]
    [InlineData("\"2024-10-10T23:00:00+24:00\"")]
    [InlineData("\"2024-10-10T23:00:00+00:60\"")]
    [InlineData("\"2024-10-10T23:00:00\u221201:00\"")]
    [InlineData("\"２024-10-10T23:00:00\"")]
    [InlineData("\"2024-1-10T23:00:00\"")]
    [InlineData("\"+2024-10-10T23:00:00\"")]
    [InlineData("\"10000-01-01T00:00:00\"")]
    [InlineData("\"1969-12-31T23:59:59.999999Z\"")]
    [InlineData("\"1970-01-01T00:00:00+00:01\"")]
    [InlineData("\"9999-12-31T23:59:59.999999-00:01\"")]
    [InlineData("\"0001-01-01T00:00:00+23:59\"")]
    [InlineData("\"2024-10-10T23:00:00\\u0000\"")]
    [InlineData("\"2024-10-10T23:00:00\\ud800\"")]
    [InlineData("-1")]
    [InlineData("1")]
    [InlineData("1764086400")]
    [InlineData("99999999999")]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("1E3")]
    [InlineData("0e0")]
    [InlineData("253402300800000")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551617")]
    [InlineData("99999999999999999999999999999999999999999999999999999999999999999999")]
    [InlineData("1e400")]
    public void Refused(string json) => Assert.Null(Decode(json));

    [Fact]
    public void Every_moment_in_range_is_read_back_from_every_form()
    {
        var moments = Gen.Long[DateTime.UnixEpoch.Ticks / 10, DateTime.MaxValue.Ticks / 10]
            .Select(us => new DateTime(us * 10, DateTimeKind.Utc));
        var separators = Gen.Bool.Select(letter => letter ? 'T' : ' ');

        Gen.Select(moments, Gen.Int[-1439, 1439], separators).Sample((moment, minutes, separator) =>
        {
            var offset = TimeSpan.FromMinutes(minutes);
            var local = moment.Ticks + offset.Ticks;
            if (local < 0 || local > DateTime.MaxValue.Ticks)
            {
                return;
            }

            var text = new DateTime(local).ToString($"yyyy-MM-dd{separator}HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
            var zone = offset.ToString(minutes < 0 ? "'-'hh':'mm" : "'+'hh':'mm", CultureInfo.InvariantCulture);
            Assert.Equal(moment, Decode($"\"{text}{zone}\""));
            var milliseconds = (moment - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
            Assert.Equal(
                milliseconds is > 0 and <= 99_999_999_999
                    ? null
                    : DateTime.UnixEpoch.AddTicks(milliseconds * TimeSpan.TicksPerMillisecond),
                Decode($"{milliseconds}"));
        }, iter: 10_000, threads: 1);
    }

    [Theory]
    [InlineData("1764086400", "timestamp looks like epoch seconds; accepted are yyyy-MM-dd'T'HH:mm:ss")]
    [InlineData("\"yesterday\"", "timestamp has none of the accepted forms; accepted are yyyy-MM-dd'T'HH:mm:ss")]
    [InlineData("1.5", "timestamp has none of the accepted forms; accepted are yyyy-MM-dd'T'HH:mm:ss")]
    public void The_error_lists_the_accepted_forms(string json, string expected)
    {
        Assert.False(_decoder.TryDecode(Message(json), 0, new ClickColumns(), out var error));

        Assert.StartsWith(expected, error.Error, StringComparison.Ordinal);
        Assert.Contains("epoch milliseconds", error.Error, StringComparison.Ordinal);
        Assert.EndsWith($": {json.Trim('"')}.", error.Error, StringComparison.Ordinal);
    }

    private static byte[] Message(string timestamp) =>
        Encoding.UTF8.GetBytes($"[\"u\",{timestamp},\"/\",\"\",\"\",\"\",\"\",\"\"]");

    private DateTime? Decode(string json)
    {
        var clicks = new ClickColumns();
        if (_decoder.TryDecode(Message(json), 0, clicks, out var fault))
        {
            Assert.Equal(DateTimeKind.Utc, clicks.Timestamps[0].Kind);
            return clicks.Timestamps[0];
        }

        Assert.Equal(DeadLetterReason.BadTimestamp, fault.Reason);
        return null;
    }
}
