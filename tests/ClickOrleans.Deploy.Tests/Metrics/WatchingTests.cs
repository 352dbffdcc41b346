using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace ClickOrleans.Deploy.Tests.Metrics;

/// <summary>The Grafana board and the alert rules ask for what there is.</summary>
public sealed partial class WatchingTests
{
    [Theory]
    [InlineData("a.b", InstrumentKind.Counter, "{click}", "a_b_total")]
    [InlineData("a.b_c", InstrumentKind.Gauge, "{message}", "a_b_c")]
    [InlineData("a", InstrumentKind.Gauge, "s", "a_seconds")]
    [InlineData("a", InstrumentKind.Gauge, "1", "a_ratio")]
    [InlineData("a.b", InstrumentKind.Histogram, "s", "a_b_seconds_bucket,a_b_seconds_sum,a_b_seconds_count")]
    [InlineData("a", InstrumentKind.Histogram, null, "a_bucket,a_sum,a_count")]
    internal void A_name_becomes_Prometheus_s_by_the_rule(string name, InstrumentKind kind, string? unit, string expected) =>
        Assert.Equal(expected, string.Join(',', PrometheusName.Of(name, kind, unit)));

    [Fact]
    public void The_board_asks_for_metrics_that_exist()
    {
        var expressions = BoardExpressions().ToList();

        Assert.True(expressions.Count >= 20);
        AssertKnown(expressions);
    }

    [Fact]
    public void The_alerts_ask_for_metrics_that_exist()
    {
        var rules = Rules().ToList();

        Assert.True(rules.Count >= 8);
        Assert.All(rules, rule => Assert.True(
            rule.ContainsKey("alert") && rule.ContainsKey("expr")
            && rule.ContainsKey("labels") && rule.ContainsKey("annotations")));
        AssertKnown(rules.Select(rule => (string)rule["expr"]));
    }

    [Theory]
    [InlineData("clickstream_oldest_unprocessed_age_seconds")]
    [InlineData("clickstream_fence_refusals_total")]
    [InlineData("clickstream_dead_letters_total")]
    [InlineData("clickstream_outage_ratio")]
    public void What_an_operator_must_know_of_is_alerted_and_shown(string metric)
    {
        Assert.Contains(Rules(), rule => ((string)rule["expr"]).Contains(metric, StringComparison.Ordinal));
        Assert.Contains(BoardExpressions(), expression => expression.Contains(metric, StringComparison.Ordinal));
    }

    [Fact]
    public void Panels_have_ids_of_their_own_and_do_not_overlap()
    {
        var panels = Panels().ToList();
        var cells = panels.Select(panel => panel.GetProperty("gridPos")).SelectMany(position =>
            from x in Enumerable.Range(position.GetProperty("x").GetInt32(), position.GetProperty("w").GetInt32())
            from y in Enumerable.Range(position.GetProperty("y").GetInt32(), position.GetProperty("h").GetInt32())
            select (x, y)).ToList();

        Assert.Distinct(panels.Select(panel => panel.GetProperty("id").GetInt32()));
        Assert.Distinct(cells);
        Assert.All(cells, cell => Assert.InRange(cell.x, 0, 23));
    }

    private static void AssertKnown(IEnumerable<string> expressions) => Assert.All(
        expressions.SelectMany(expression => Metric().Matches(expression)).Select(match => match.Value).Distinct(),
        metric => Assert.Contains(metric, Instruments.PrometheusNames));

    private static JsonElement.ArrayEnumerator Panels() =>
        JsonDocument.Parse(Repository.Read("deploy", "grafana", "clickorleans.json"))
            .RootElement.GetProperty("panels").EnumerateArray();

    private static IEnumerable<string> BoardExpressions() => Panels()
        .Where(panel => panel.TryGetProperty("targets", out _))
        .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
        .Select(target => target.GetProperty("expr").GetString()!);

    private static IEnumerable<Dictionary<object, object>> Rules()
    {
        var file = new DeserializerBuilder().Build()
            .Deserialize<Dictionary<object, object>>(Repository.Read("deploy", "alerts", "clickorleans.yml"));
        return ((List<object>)file["groups"])
            .Cast<Dictionary<object, object>>()
            .SelectMany(group => (List<object>)group["rules"])
            .Cast<Dictionary<object, object>>();
    }

    [GeneratedRegex(@"\bclickstream_\w+")]
    private static partial Regex Metric();
}
