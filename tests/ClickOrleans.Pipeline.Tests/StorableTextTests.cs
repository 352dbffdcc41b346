namespace ClickOrleans.Pipeline.Tests;

public sealed class StorableTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("昨日 😀", "昨日 😀")]
    [InlineData("a\0b", "a\uFFFDb")]
    public void What_no_column_keeps_is_replaced(string text, string expected) =>
        Assert.Equal(expected, StorableText.Of(text));

    [Theory]
    [InlineData("plain\ntext", "plain\ntext")]
    [InlineData("昨日", "\\u6628\\u65e5")]
    [InlineData("é\0", "\\u00e9\\u0000")]
    public void Ascii_is_what_every_encoding_has(string text, string expected) =>
        Assert.Equal(expected, StorableText.Ascii(text));

    /// <remarks>Not in a theory: an attribute keeps no lone surrogate.</remarks>
    [Fact]
    public void Half_of_a_surrogate_pair_is_replaced_and_a_pair_is_not()
    {
        Assert.Equal("\uFFFD", StorableText.Of("\uD83D"));
        Assert.Equal("\uFFFD😀", StorableText.Of("\uDE00\uD83D\uDE00"));
        Assert.Equal("\\ud83d", StorableText.Ascii("\uD83D"));
    }
}
