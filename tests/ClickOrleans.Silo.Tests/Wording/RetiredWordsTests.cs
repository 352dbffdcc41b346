using System.Reflection;

namespace ClickOrleans.Silo.Tests.Wording;

/// <summary>Messages, texts and public names use standard terms: none of the words in <c>retired-words.txt</c>.</summary>
public sealed class RetiredWordsTests
{
    /// <summary>The projects of <c>src</c> that are checked.</summary>
    public static TheoryData<string> Projects { get; } =
    [
        "ClickOrleans.Dashboard",
        "ClickOrleans.Elasticsearch",
        "ClickOrleans.FakeClicks",
        "ClickOrleans.Grains",
        "ClickOrleans.Kafka",
        "ClickOrleans.Pipeline",
        "ClickOrleans.Postgres",
        "ClickOrleans.ServiceDefaults",
        "ClickOrleans.Silo",
        "ClickOrleans.Sql",
        "ClickOrleans.Sqlite",
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_string_literal_contains_a_retired_word(string project)
    {
        var literals = AssemblyTexts.Literals(Assembly.Load(project));

        Assert.NotEmpty(literals);
        Assert.Empty(literals.SelectMany(literal => RetiredWords.FindInText(literal).Select(word => $"{word}: {literal}")));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_public_name_contains_a_retired_word(string project)
    {
        var names = AssemblyTexts.PublicNames(Assembly.Load(project));

        Assert.NotEmpty(names);
        Assert.Empty(names.SelectMany(name => RetiredWords.FindInName(name).Select(word => $"{word}: {name}")));
    }

    [Theory]
    [InlineData("The store is out; trying again in 2 s", "is out", "trying again")]
    [InlineData("NOBODY reads it; look  again", "NOBODY", "look  again")]
    [InlineData("A moment")]
    [InlineData("The consumer is outdated, the deadline has passed")]
    public void Whole_words_are_found_in_text(string text, params string[] expected) =>
        Assert.Equal(expected, RetiredWords.FindInText(text));

    [Theory]
    [InlineData("DashboardMoment", "Moment")]
    [InlineData("IndexOutcome.NewerThere", "Newer There")]
    [InlineData("Timeout.Momentum", null)]
    public void Words_are_found_in_names_split_at_capitals(string name, string? expected) =>
        Assert.Equal(expected, RetiredWords.FindInName(name).SingleOrDefault());

    [Fact]
    public void Literals_include_log_templates_and_razor_text()
    {
        var literals = AssemblyTexts.Literals(Assembly.Load("ClickOrleans.Dashboard"));

        Assert.Contains(literals, literal => literal.StartsWith("Refreshing the dashboard snapshot", StringComparison.Ordinal));
        Assert.Contains(literals, literal => literal.Contains("Reconciliation", StringComparison.Ordinal));
    }
}
