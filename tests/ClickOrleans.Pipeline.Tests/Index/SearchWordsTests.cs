using ClickOrleans.Pipeline.Index;

namespace ClickOrleans.Pipeline.Tests.Index;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("/Shop/item-7?id=4", "shop item 7 id 4")]
    [InlineData("/caf%C3%A9%20au%20lait", "caf\u00e9 au lait")]
    [InlineData("/100%/a%2", "100 a 2")]
    [InlineData("/%C3%28", "c3")]
    [InlineData("cafe\u0301", "caf\u00e9")]
    [InlineData("CAFE\u0301", "caf\u00e9")]
    [InlineData("vie\u0323\u0302t vi\u00ea\u0323t vi\u1ec7t", "vi\u1ec7t vi\u1ec7t vi\u1ec7t")]
    [InlineData("\u212bngstr\u00f6m A\u030angstro\u0308m", "\u00e5ngstr\u00f6m \u00e5ngstr\u00f6m")]
    [InlineData("\u1112\u1161\u11ab\u1100\u1173\u11af \ud55c\uae00", "\ud55c\uae00 \ud55c\uae00")]
    [InlineData("\u30cf\u3099 \u30d0", "\u30d0 \u30d0")]
    public void A_text_is_cut_into_words_alike_however_it_is_written(string text, string words) =>
        Assert.Equal(words, string.Join(' ', SearchWords.Of(text)));

    [Fact]
    public void A_letter_and_its_decomposition_are_one_word()
    {
        // Latin letters with marks, Greek with several, Cyrillic, Hebrew with points, Devanagari.
        foreach (var (composed, decomposed) in new[]
        {
            ("\u0439", "\u0438\u0306"),
            ("\u1fa7", "\u03c9\u0314\u0342\u0345"),
            ("\u0958", "\u0915\u093c"),
            ("\ufb2c", "\u05e9\u05bc\u05c1"),
        })
        {
            Assert.Equal(SearchWords.Of(decomposed), SearchWords.Of(composed));
        }
    }
}
