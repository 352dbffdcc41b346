using System.Globalization;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Series;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Tests.Series;

public sealed class SeriesQueryTests
{
    [Theory]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T03:00:00Z", "00 01 02 03")]
    [InlineData("2026-01-01", "2026-01-01T02:00", "00 01 02")]
    [InlineData("2026-01-01T00:30:00Z", "2026-01-01T02:00:00.0000001Z", "00 01 02 03")]
    [InlineData("2026-01-01T03:00:00+02:00", "2026-01-01T03:00:00Z", "01 02 03")]
    [InlineData("2026-01-01T02:00:00-01:30", "2026-01-01T04:00Z", "03 04")]
    public void Buckets_are_those_that_the_range_touches(string from, string to, string hours)
    {
        var request = Read(new SeriesQuery(from, to));

        Assert.Equal(hours, string.Join(' ', request.Boundaries.Select(at => at.ToString("HH", CultureInfo.InvariantCulture))));
        Assert.All(request.Boundaries, at => Assert.Equal(DateTimeKind.Utc, at.Kind));
    }

    [Fact]
    public void What_is_left_out_is_an_hour_of_UTC_of_the_whole_site()
    {
        var request = Read(new SeriesQuery("2026-01-01", "2026-01-02", "", "", "", ""));

        Assert.Equal((SeriesStep.Hour, SeriesScope.Site, 24), (request.Step, request.Scope, request.Buckets));
    }

    [Theory]
    [InlineData("UTC", "2026-03-28", "2026-03-31", "03-28T00 03-29T00 03-30T00 03-31T00")]
    [InlineData("Europe/Amsterdam", "2026-03-28", "2026-03-31", "03-27T23 03-28T23 03-29T22 03-30T22")]
    [InlineData("Europe/Amsterdam", "2026-10-24", "2026-10-27", "10-23T22 10-24T22 10-25T23 10-26T23")]
    [InlineData("America/New_York", "2026-01-01T12:00:00Z", "2026-01-02T06:00:00Z", "01-01T05 01-02T05 01-03T05")]
    [InlineData("America/Havana", "2026-10-31", "2026-11-02", "10-31T04 11-01T04 11-02T05")]
    [InlineData("Africa/Cairo", "2026-04-23", "2026-04-25", "04-22T22 04-23T22 04-24T21")]
    [InlineData("Pacific/Kiritimati", "2026-01-01", "2026-01-02", "12-31T10 01-01T10")]
    public void Days_begin_when_they_do_in_the_time_zone(string zone, string from, string to, string days)
    {
        var request = Read(new SeriesQuery(from, to, "day", TimeZone: zone));

        Assert.Equal(
            days,
            string.Join(' ', request.Boundaries.Select(at => at.ToString("MM-dd'T'HH", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("Asia/Kolkata", "+05:30")]
    [InlineData("America/St_Johns", "-03:30")]
    [InlineData("Australia/Lord_Howe", "+10:30")]
    [InlineData("Asia/Kathmandu", "+05:45")]
    public void A_time_zone_off_the_whole_hour_is_refused_with_the_reason(string zone, string offset)
    {
        var error = Assert.Single(Errors(new SeriesQuery("2026-01-01", "2026-12-31", "day", TimeZone: zone)));

        Assert.Equal("timezone", error.Field);
        Assert.Equal(
            $"timezone is '{zone}', which is {offset} from UTC: clicks are kept by whole hours of UTC; allowed are time zones " +
            "at whole hours from it",
            error.Message);
    }

    [Fact]
    public void Every_fault_is_named()
    {
        var errors = Errors(new SeriesQuery("yesterday", null, "week", TimeZone: "Europe/Nowhere"));

        Assert.Equal(["from", "step", "timezone", "to"], errors.Select(error => error.Field).Order());
        Assert.Contains(errors, error => error.Message == "step is 'week'; allowed are hour and day");
        Assert.Contains(
            "timezone 'Europe/Nowhere' is not known; allowed are names such as Europe/Amsterdam",
            errors.Select(error => error.Message));
        Assert.Contains(
            errors, error => error.Message.StartsWith("to is missing; allowed are ISO 8601", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2026-01-02", "2026-01-01", "hour", "to")]
    [InlineData("2026-01-01", "2026-01-01", "day", "to")]
    [InlineData("2026-01-01", "2027-03-01", "hour", "to")]
    [InlineData("1970-01-01", "2026-01-01", "day", "to")]
    [InlineData("1969-12-31T23:59:59Z", "2026-01-01", "day", "from")]
    [InlineData("9999-12-01", "9999-12-31", "day", "to")]
    [InlineData("0001-01-01", "2026-01-01", "day", "from")]
    [InlineData("2026-01-01T00:00:00 02:00", "2026-01-02", "day", "from")]
    [InlineData("1767225600", "2026-01-02", "day", "from")]
    public void A_range_out_of_bounds_is_refused(string from, string to, string step, string field) =>
        Assert.Equal(field, Assert.Single(Errors(new SeriesQuery(from, to, step))).Field);

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("Europe/../Europe/Paris")]
    public void A_time_zone_is_no_path(string zone) =>
        Assert.Equal("timezone", Assert.Single(Errors(new SeriesQuery("2026-01-01", "2026-01-02", TimeZone: zone))).Field);

    [Fact]
    public void The_longest_answers_are_allowed()
    {
        Assert.Equal(10_000, Read(new SeriesQuery("2026-01-01", "2027-02-21T16:00Z")).Buckets);
        Assert.Equal(365, Read(new SeriesQuery("9999-01-01", "9999-12-30", "day")).Buckets + 2);
    }

    [Fact]
    public void The_last_hours_end_with_the_one_that_is_running()
    {
        var now = new DateTime(2026, 3, 1, 12, 30, 0, DateTimeKind.Utc);

        var hours = SeriesRequest.Last(24, SeriesStep.Hour, now, SeriesScope.Site);
        var days = SeriesRequest.Last(30, SeriesStep.Day, now.Date, SeriesScope.Site);

        Assert.Equal((24, now.Date.AddHours(13)), (hours.Buckets, hours.To));
        Assert.Equal((30, now.Date.AddDays(1)), (days.Buckets, days.To));
    }

    private static SeriesRequest Read(SeriesQuery query)
    {
        var errors = new List<ValidationError>();
        var request = query.Read(errors);
        Assert.Empty(errors);
        return request!;
    }

    private static List<ValidationError> Errors(SeriesQuery query)
    {
        var errors = new List<ValidationError>();
        Assert.Null(query.Read(errors));
        return errors;
    }
}
