using System.Text;
using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Tests.Log;

public sealed class RecordMarkTests
{
    /// <summary>Stores keep the hashes: a change would stop every partition of a pipeline that is upgraded.</summary>
    [Theory]
    [InlineData("key", "value", 8887622701710762253)]
    [InlineData(null, "value", 1186829227350993345)]
    [InlineData("key", null, -4933520039084114741)]
    [InlineData(null, null, -1)]
    [InlineData("", "", -6748407731982050980)]
    public void The_hash_of_a_record_never_changes(string? key, string? value, long expected) =>
        Assert.Equal(expected, Of(key, value).Hash);

    [Fact]
    public void Absent_and_empty_keys_and_values_are_told_apart_and_keys_from_values()
    {
        string?[] texts = [null, "", "a", "b", "ab"];

        var hashes = texts.SelectMany(key => texts.Select(value => Of(key, value).Hash)).ToList();

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Theory]
    [InlineData(5, 1, 7, true)]
    [InlineData(5, null, 7, true)]
    [InlineData(5, 2, 7, false)]
    [InlineData(5, 1, 8, false)]
    [InlineData(6, 1, 7, false)]
    public void Marks_are_of_one_record_where_offset_hash_and_the_epochs_that_are_known_agree(
        long offset, int? epoch, long hash, bool expected)
    {
        var mark = new RecordMark(5, 1, 7);
        var other = new RecordMark(offset, epoch, hash);

        Assert.Equal(expected, mark.IsSameAs(other));
        Assert.Equal(expected, other.IsSameAs(mark));
    }

    private static RecordMark Of(string? key, string? value) => RecordMark.Of(new ReceivedMessage
    {
        Offset = 0,
        AppendedAt = default,
        HasKey = key is not null,
        Key = Encoding.UTF8.GetBytes(key ?? ""),
        HasValue = value is not null,
        Value = Encoding.UTF8.GetBytes(value ?? ""),
    });
}
