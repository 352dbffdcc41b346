using ClickOrleans.Pipeline.Index;
using Xunit;

namespace ClickOrleans.Conformance.Index;

/// <summary>What every click index must do alike. A subclass hands over an empty one for each test.</summary>
public abstract class IndexConformance : IAsyncLifetime
{
    /// <summary>The index under test, opened and empty.</summary>
    protected IClickIndex Index { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IClickIndex> CreateAsync();

    public async ValueTask InitializeAsync()
    {
        Index = await CreateAsync();
        await Index.OpenAsync(Token);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Index is not null)
        {
            await Index.DisposeAsync();
        }
    }

    [Fact]
    public async Task Description_names_no_secret_and_is_not_empty()
    {
        Assert.NotEmpty(Index.Description);
        Assert.DoesNotContain("@", Index.Description, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Open_twice_gives_the_same_identity_and_keeps_the_documents()
    {
        var identity = await Index.OpenAsync(Token);
        await IndexAsync(SampleDocuments.Of("/a", "DE"));

        Assert.Equal(identity, await Index.OpenAsync(Token));
        Assert.NotEmpty(identity);
        Assert.Equal(1, await Index.CountAsync(Token));
    }

    [Fact]
    public async Task Upsert_of_nothing_answers_nothing() => Assert.Empty(await Index.UpsertAsync([], Token));

    [Fact]
    public async Task A_document_comes_back_as_it_went_in()
    {
        var document = SampleDocuments.Of("/shop?id=1", "Côte d'Ivoire", clicks: 123_456, version: 42);

        await IndexAsync(document);

        Assert.Equal([document], await Index.GetAsync([document.Id], Token));
        Assert.Equal([document], await Index.SearchAsync("shop", 10, Token));
        Assert.Equal([document], await ScanAsync());
    }

    [Fact]
    public async Task Largest_values_come_back_as_they_went_in()
    {
        var document = SampleDocuments.Of("/long", "XX") with
        {
            Version = long.MaxValue - 1,
            Clicks = long.MaxValue,
            UniqueUsers = long.MaxValue,
            AverageTime = "70128:23:59",
            AverageTimeSeconds = 252_462_239,
            FirstClick = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            LastClick = new DateTime(9999, 12, 31, 23, 59, 59, DateTimeKind.Utc).AddTicks(9_999_990),
        };

        await IndexAsync(document);

        Assert.Equal([document], await Index.GetAsync([document.Id], Token));
    }

    [Theory]
    [InlineData("/caf\u00e9", "cafe\u0301")]
    [InlineData("/cafe\u0301", "caf\u00e9")]
    [InlineData("/caf%C3%A9/menu", "caf\u00e9")]
    [InlineData("/caf%c3%a9/menu", "CAFE\u0301 menu")]
    [InlineData("/caf\u00e9", "caf%C3%A9")]
    [InlineData("/a%20b", "b a")]
    [InlineData("/%ff%E4b%zz", "zz")]
    [InlineData("/\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af")]
    public async Task A_word_is_found_however_it_is_encoded_and_composed(string url, string query)
    {
        var document = SampleDocuments.Of(url, "DE");

        await IndexAsync(document, SampleDocuments.Of("/other", "DE"));

        Assert.Equal([document], await Index.SearchAsync(query, 10, Token));
    }

    [Fact]
    public async Task A_newer_version_replaces_the_older()
    {
        await IndexAsync(SampleDocuments.Of("/a", "DE", clicks: 1, version: 1));

        await IndexAsync(SampleDocuments.Of("/a", "DE", clicks: 9, version: 7));

        var document = Assert.Single(await Index.SearchAsync("", 10, Token));
        Assert.Equal((7, 9), (document.Version, document.Clicks));
    }

    [Fact]
    public async Task An_older_version_never_replaces_the_newer()
    {
        await IndexAsync(SampleDocuments.Of("/a", "DE", clicks: 9, version: 7));

        var answer = Assert.Single(await Index.UpsertAsync([SampleDocuments.Of("/a", "DE", clicks: 1, version: 6)], Token));

        Assert.Equal(IndexOutcome.VersionConflict, answer.Outcome);
        var document = Assert.Single(await Index.GetAsync([DocumentId.Of("/a", "DE")], Token));
        Assert.Equal((7, 9), (document!.Version, document.Clicks));
    }

    [Fact]
    public async Task The_same_version_again_changes_nothing()
    {
        var document = SampleDocuments.Of("/a", "DE", clicks: 9, version: 7);
        await IndexAsync(document);

        var answer = Assert.Single(await Index.UpsertAsync([document], Token));

        Assert.Equal(IndexOutcome.VersionConflict, answer.Outcome);
        Assert.Equal(1, await Index.CountAsync(Token));
    }

    [Fact]
    public async Task Answers_come_in_the_order_of_the_documents()
    {
        await IndexAsync(SampleDocuments.Of("/b", "DE", version: 5));

        var answers = await Index.UpsertAsync(
            [SampleDocuments.Of("/a", "DE"), SampleDocuments.Of("/b", "DE", version: 4), SampleDocuments.Of("/c", "DE")], Token);

        Assert.Equal(
            [IndexOutcome.Indexed, IndexOutcome.VersionConflict, IndexOutcome.Indexed], answers.Select(answer => answer.Outcome));
    }

    [Fact]
    public async Task The_same_page_in_two_countries_is_two_documents()
    {
        await IndexAsync(SampleDocuments.Of("/a", "DE"), SampleDocuments.Of("/a", "FR"), SampleDocuments.Of("/aD", "E"));

        Assert.Equal(3, await Index.CountAsync(Token));
    }

    [Fact]
    public async Task Get_answers_in_the_order_asked_with_null_for_what_is_not_there()
    {
        var (a, b) = (SampleDocuments.Of("/a", "DE"), SampleDocuments.Of("/b", "DE"));
        await IndexAsync(a, b);

        Assert.Equal([b, null, a, b], await Index.GetAsync([b.Id, DocumentId.Of("/none", "DE"), a.Id, b.Id], Token));
        Assert.Empty(await Index.GetAsync([], Token));
    }

    [Fact]
    public async Task Scan_gives_every_document_once_in_order_of_url_and_country()
    {
        var documents = Enumerable.Range(0, 2500)
            .Select(i => SampleDocuments.Of($"/p{i % 1000}", $"C{i / 1000}", clicks: i))
            .ToArray();
        await IndexAsync(documents);

        var scanned = await ScanAsync();

        Assert.Equal(
            documents.OrderBy(document => document.Url, StringComparer.Ordinal)
                .ThenBy(document => document.Country, StringComparer.Ordinal),
            scanned);
        Assert.Equal(2500, await Index.CountAsync(Token));
    }

    [Theory]
    [InlineData("shop", "/shop", "/SHOP/cart")]
    [InlineData("SHOP", "/shop", "/SHOP/cart")]
    [InlineData("cart shop", "/SHOP/cart")]
    [InlineData("shop de", "/shop")]
    [InlineData("/shop", "/shop", "/SHOP/cart")]
    [InlineData("sho")]
    [InlineData("shops")]
    [InlineData("shop none")]
    [InlineData("workshop", "/workshop_2")]
    [InlineData("2", "/workshop_2")]
    [InlineData("workshop_2", "/workshop_2")]
    [InlineData("straße", "/Straße")]
    [InlineData("STRASSE")]
    [InlineData("äpfel", "/ÄPFEL")]
    [InlineData("apfel")]
    [InlineData("москва", "/Москва")]
    [InlineData("東京", "/東京")]
    [InlineData("𐐷", "/𐐏")]
    [InlineData("İSTANBUL", "/İstanbul")]
    [InlineData("istanbul")]
    [InlineData("\"kiosk\" OR NOT ( *", "/or/not/kiosk")]
    [InlineData("kiosk AND till", "/and/kiosk/till")]
    [InlineData("ⅷ", "/Ⅷ")]
    [InlineData("x²", "/x²")]
    [InlineData("naïve", "/naïve")]
    public async Task Search_finds_whole_words_of_url_and_country_whatever_their_case(string query, params string[] urls)
    {
        await IndexAsync(
            SampleDocuments.Of("/shop", "DE"),
            SampleDocuments.Of("/SHOP/cart", "FR"),
            SampleDocuments.Of("/workshop_2", "GB"),
            SampleDocuments.Of("/Straße", "AT"),
            SampleDocuments.Of("/ÄPFEL", "AT"),
            SampleDocuments.Of("/Москва", "RU"),
            SampleDocuments.Of("/東京", "JP"),
            SampleDocuments.Of("/𐐏", "US"),
            SampleDocuments.Of("/İstanbul", "TR"),
            SampleDocuments.Of("/or/not/kiosk", "IE"),
            SampleDocuments.Of("/and/kiosk/till", "IE"),
            SampleDocuments.Of("/Ⅷ", "IT"),
            SampleDocuments.Of("/x²", "CH"),
            SampleDocuments.Of("/naïve", "FR"));

        var found = (await Index.SearchAsync(query, 100, Token)).Select(document => document.Url);

        Assert.Equal(urls.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" / ?!\"*")]
    [InlineData("🙂")]
    public async Task Search_without_words_finds_all(string query)
    {
        await IndexAsync(SampleDocuments.Of("/a", "DE"), SampleDocuments.Of("/🙂", ""));

        Assert.Equal(2, (await Index.SearchAsync(query, 10, Token)).Count);
    }

    [Fact]
    public async Task Search_puts_most_clicks_first_and_breaks_ties_by_url_then_country_in_code_point_order()
    {
        // U+FF5E comes before U+1F642 by code point, behind it by UTF-16 unit.
        IndexDocument[] expected =
        [
            SampleDocuments.Of("/x/most", "ZZ", clicks: 10_000_000_000),
            SampleDocuments.Of("/x/tie", "", clicks: 5),
            SampleDocuments.Of("/x/tie", "AA", clicks: 5),
            SampleDocuments.Of("/x/tie", "a", clicks: 5),
            SampleDocuments.Of("/x/tie-Z", "AA", clicks: 5),
            SampleDocuments.Of("/x/tie-a", "AA", clicks: 5),
            SampleDocuments.Of("/x/tie-é", "AA", clicks: 5),
            SampleDocuments.Of("/x/tie-\uFF5E", "AA", clicks: 5),
            SampleDocuments.Of("/x/tie-\U0001F642", "AA", clicks: 5),
            SampleDocuments.Of("/x/least", "AA", clicks: 4),
        ];
        await IndexAsync([.. expected.Reverse()]);

        Assert.Equal(expected, await Index.SearchAsync("x", 100, Token));
        Assert.Equal(expected, await Index.SearchAsync("", 100, Token));
        Assert.Equal(expected[..3], await Index.SearchAsync("x", 3, Token));
    }

    [Fact]
    public async Task Search_finds_the_longest_url_by_its_last_word_and_sorts_it()
    {
        var url = "/" + new string('a', 2048 - 6) + "/last";
        var documents = new[] { SampleDocuments.Of(url, "DE", clicks: 2), SampleDocuments.Of(url[..^1] + "x", "DE") };
        await IndexAsync(documents);

        Assert.Equal([documents[0]], await Index.SearchAsync("last", 10, Token));
        Assert.Equal([documents[0]], await Index.SearchAsync(new string('A', 2048 - 6) + " last", 10, Token));
        Assert.Equal(documents, await ScanAsync());
    }

    [Fact]
    public async Task Search_takes_hundreds_of_words_and_finds_nothing_for_thousands()
    {
        var words = Enumerable.Range(0, 400).Select(i => $"w{i}").ToArray();
        var document = SampleDocuments.Of("/" + string.Join('/', words), "DE");
        await IndexAsync(document);

        Assert.Equal([document], await Index.SearchAsync(string.Join(' ', words), 10, Token));
        Assert.Empty(await Index.SearchAsync(string.Join(' ', Enumerable.Range(0, 5000).Select(i => $"w{i}")), 10, Token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task Search_refuses_a_limit_out_of_range(int limit) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Index.SearchAsync("", limit, Token));

    [Fact]
    public async Task Odd_characters_come_back_as_they_went_in_and_are_found()
    {
        string[] odd =
        [
            "/\"quote\"", "/back\\slash", "/tab\tnew\nline", "/\u0001\u007f", "/\u2028", "/a'b;--", "/%00", "/{}[]", "/\uFFFD",
            "/\U0010FFFF", "/e\u0301",
        ];
        var documents = odd.Select(url => SampleDocuments.Of(url, "odd'\"\n")).ToArray();
        await IndexAsync(documents);

        var found = await Index.SearchAsync("ODD", 100, Token);

        Assert.Equal(odd.Order(StringComparer.Ordinal), found.Select(document => document.Url).Order(StringComparer.Ordinal));
        Assert.Equal(documents, await Index.GetAsync([.. documents.Select(document => document.Id)], Token));
    }

    [Fact]
    public async Task Writers_racing_leave_the_newest_version_of_every_document()
    {
        var versions = Enumerable.Range(1, 40).ToArray();
        Random.Shared.Shuffle(versions);

        await Parallel.ForEachAsync(
            versions,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (version, token) => await Index.UpsertAsync(
                [
                    .. Enumerable.Range(0, 20)
                        .Select(page => SampleDocuments.Of($"/{page}", "DE", clicks: version, version: version)),
                ],
                token));

        var documents = await ScanAsync();
        Assert.Equal(20, documents.Count);
        Assert.All(documents, document => Assert.Equal((40, 40), (document.Version, document.Clicks)));
    }

    [Fact]
    public async Task The_state_comes_back_as_it_was_written_and_is_no_document()
    {
        Assert.Null(await Index.ReadStateAsync(Token));
        var state = new IndexState(7, Guid.NewGuid(), 3);

        Assert.True(await Index.WriteStateAsync(state, Token));

        Assert.Equal(state, await Index.ReadStateAsync(Token));
        Assert.Equal(0, await Index.CountAsync(Token));
        Assert.Empty(await ScanAsync());
        Assert.Empty(await Index.SearchAsync("", 10, Token));
    }

    [Fact]
    public async Task A_state_is_replaced_by_one_of_a_higher_sequence_only()
    {
        var state = new IndexState(7, Guid.NewGuid(), 3);
        await Index.WriteStateAsync(state, Token);

        Assert.False(await Index.WriteStateAsync(state with { Token = Guid.NewGuid() }, Token));
        Assert.False(await Index.WriteStateAsync(new IndexState(6, Guid.NewGuid(), 9), Token));
        Assert.Equal(state, await Index.ReadStateAsync(Token));

        var next = new IndexState(8, Guid.NewGuid(), 0);
        Assert.True(await Index.WriteStateAsync(next, Token));
        Assert.Equal(next, await Index.ReadStateAsync(Token));
    }

    [Fact]
    public async Task A_document_is_deleted_unless_it_is_a_later_one_by_now()
    {
        var (old, gone) = (SampleDocuments.Of("/old", "DE", version: 5), SampleDocuments.Of("/gone", "DE", version: 5));
        await IndexAsync(old, gone);
        var later = old with { Version = 6, Clicks = 77 };
        await IndexAsync(later);

        await Index.DeleteAsync([old, gone, SampleDocuments.Of("/never", "DE")], Token);

        Assert.Equal([later], await ScanAsync());
        Assert.Equal([later], await Index.SearchAsync("de", 10, Token));
        await IndexAsync(gone with { Version = 6 });
        Assert.Equal([gone with { Version = 6 }], await Index.SearchAsync("gone", 10, Token));
    }

    protected async Task IndexAsync(params IndexDocument[] documents)
    {
        var answers = await Index.UpsertAsync(documents, Token);
        Assert.Equal(documents.Length, answers.Count);
        Assert.All(answers, answer => Assert.Equal(new IndexAnswer(IndexOutcome.Indexed), answer));
        Assert.Equal(documents.Length > 0, await Index.CountAsync(Token) > 0);
    }

    private async Task<List<IndexDocument>> ScanAsync()
    {
        var documents = new List<IndexDocument>();
        await foreach (var document in Index.ScanAsync(Token))
        {
            documents.Add(document);
        }

        return documents;
    }
}
