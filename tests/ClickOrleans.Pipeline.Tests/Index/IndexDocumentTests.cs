using System.Text.Json;
using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Tests.Index;

public sealed class IndexDocumentTests
{
    private static readonly DateTime First = new(2024, 2, 29, 23, 0, 0, DateTimeKind.Utc);

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Fact]
    public void Json_has_the_fields_of_the_index_without_id_and_version()
    {
        var document = IndexDocument.From(new Rollup(7, "/a", "DE", 5, 2, First, First.AddHours(60), First.AddHours(61), 3, 0));

        var json = JsonSerializer.Serialize(document, SnakeCase);

        Assert.Equal(
            """
            {"url":"/a","country":"DE","clicks":5,"unique_users":2,"average_time":"30:00:00","average_time_seconds":108000,
            "first_click":"2024-02-29T23:00:00Z","last_click":"2024-03-03T11:00:00Z","updated_at":"2024-03-03T12:00:00Z"}
            """.ReplaceLineEndings(""),
            json);
    }
}
