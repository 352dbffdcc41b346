using System.Globalization;
using System.Net;
using ClickOrleans.Testing.Silos;
using nietras.SeparatedValues;
using Parquet;
using Parquet.Schema;

namespace ClickOrleans.Silo.Tests.Exporting;

/// <summary><c>export</c> and <c>GET /api/export</c> on a store that a pipeline has filled.</summary>
public sealed class ExportTests(PipelineOnceFixture once) : IClassFixture<PipelineOnceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Csv_and_parquet_hold_the_same_clicks_and_series_add_up_to_them()
    {
        using var data = once.Copy();
        var (csv, parquet, series) = (data.File("clicks.csv"), data.File("clicks.parquet"), data.File("series.csv"));

        Assert.Contains(
            "3,000 rows exported",
            await ExportAsync(data, "--what", "clicks", "--format", "csv", "--file", csv),
            StringComparison.Ordinal);
        await ExportAsync(data, "--what", "clicks", "--format", "parquet", "--file", parquet);
        await ExportAsync(data, "--what", "series", "--file", series);

        var users = Column(csv, "user_id");
        var times = Column(csv, "timestamp");
        Assert.Equal(PipelineOnceFixture.Clicks, users.Count);
        await using var reader = await ParquetReader.CreateAsync(parquet, cancellationToken: Cancellation);
        using var group = reader.OpenRowGroupReader(0);
        var (readUsers, readTimes) = (new string?[users.Count], new DateTime[users.Count]);
        DataField Field(string name) => reader.Schema.DataFields.Single(field => field.Name == name);
        await group.ReadAsync(Field("user_id"), readUsers.AsMemory(), cancellationToken: Cancellation);
        await group.ReadAsync<DateTime>(Field("timestamp"), readTimes.AsMemory(), cancellationToken: Cancellation);
        Assert.Equal(users, readUsers);
        Assert.Equal(
            times,
            readTimes.Select(time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)));
        var clicks = Column(series, "clicks").Zip(Column(series, "url"), (count, url) => (Clicks: long.Parse(count), Url: url));
        Assert.Equal(PipelineOnceFixture.Clicks, clicks.Where(row => row.Url == "").Sum(row => row.Clicks));
        Assert.Equal(PipelineOnceFixture.Clicks, clicks.Where(row => row.Url != "").Sum(row => row.Clicks));
        Assert.False(File.Exists(csv + ".incomplete"));
    }

    [Fact]
    public async Task A_range_without_clicks_exports_none()
    {
        using var data = once.Copy();

        var output = await ExportAsync(data, "--what", "clicks", "--from", "1999-01-01", "--to", "1999-02-01");

        Assert.Equal(
            "log_id,partition,offset,user_id,timestamp,url,country,city,browser,os,device,event_id", output.Trim());
    }

    [Fact]
    public async Task Every_fault_of_the_options_is_named()
    {
        using var data = once.Copy();

        var (exitCode, output) = await SiloProcess.CommandAsync(
            ["export", "--what", "visitors", "--format", "xml", "--from", "soon", "--data", data.Path]);

        Assert.Equal(2, exitCode);
        Assert.Contains("--what is 'visitors'; allowed are clicks, rollups, series", output, StringComparison.Ordinal);
        Assert.Contains("--format is 'xml'; allowed are csv, parquet", output, StringComparison.Ordinal);
        Assert.Contains("--from is 'soon'", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rollups_and_series_come_as_csv_over_http_and_clicks_do_not()
    {
        using var data = once.Copy();
        await using var silo = await SiloProcess.RunAsync(["--producers", "0", "--data", data.Path]);

        var rollups = await silo.Http.GetAsync("/api/export?what=rollups&format=csv");
        var series = await silo.Http.GetStringAsync("/api/export?what=series");
        var clicks = await silo.Http.GetAsync("/api/export?what=clicks&format=parquet");

        Assert.Equal("text/csv", rollups.Content.Headers.ContentType?.MediaType);
        Assert.Equal("rollups.csv", rollups.Content.Headers.ContentDisposition?.FileName);
        Assert.StartsWith(
            "url,country,clicks,unique_users,average_time_seconds,first_click,last_click,updated_at\n",
            await rollups.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        Assert.StartsWith("hour,url,country,clicks,visitors\n", series, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, clicks.StatusCode);
    }

    private static List<string> Column(string file, string name)
    {
        using var reader = Sep.New(',').Reader(options => options with { Unescape = true }).FromFile(file);
        var values = new List<string>();
        foreach (var row in reader)
        {
            values.Add(row[name].ToString());
        }

        return values;
    }

    private static async Task<string> ExportAsync(TemporaryFolder data, params string[] arguments)
    {
        var (exitCode, output) = await SiloProcess.CommandAsync(["export", .. arguments, "--data", data.Path]);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
