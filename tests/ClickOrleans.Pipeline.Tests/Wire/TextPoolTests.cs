using System.Text;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.Tests.Wire;

public sealed class TextPoolTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("seven_7")]
    [InlineData("eight__8")]
    [InlineData("São Paulo")]
    [InlineData("a text of more than sixteen bytes")]
    [InlineData("\U0001F600 and \uFEFF")]
    public void A_text_seen_again_is_the_same_string(string text)
    {
        var pool = new TextPool(64, 64);
        var utf8 = Encoding.UTF8.GetBytes(text);

        var first = pool.Get(utf8);

        Assert.Equal(text, first);
        Assert.Same(first, pool.Get(utf8));
    }

    [Fact]
    public void Texts_that_differ_are_never_mistaken_for_each_other()
    {
        var pool = new TextPool(4, 64);

        for (var round = 0; round < 3; round++)
        {
            for (var number = 0; number < 2000; number++)
            {
                var text = number % 3 == 0 ? $"Zürich {number}" : $"{number}";
                Assert.Equal(text, pool.Get(Encoding.UTF8.GetBytes(text)));
            }
        }
    }

    /// <summary>
    /// With four places in all the place says nothing, and each pair's hashes agree in the 32 bits that are kept.
    /// </summary>
    [Theory]
    [InlineData("visitor-9509", "visitor-75709")]
    [InlineData("Köln 50499", "Köln 54966")]
    [InlineData("44432", "181599")]
    public void Texts_whose_hashes_collide_are_not_mistaken_for_each_other(string one, string other)
    {
        var pool = new TextPool(4, 64);

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(one, pool.Get(Encoding.UTF8.GetBytes(one)));
            Assert.Equal(other, pool.Get(Encoding.UTF8.GetBytes(other)));
        }
    }

    [Fact]
    public void No_more_texts_are_kept_than_fit()
    {
        var pool = new TextPool(64, 64);

        for (var number = 0; number < 10_000; number++)
        {
            pool.Get(Encoding.UTF8.GetBytes($"text {number}"));
        }

        Assert.Equal(64, pool.Capacity);
        Assert.Equal(64, pool.Count);
    }

    [Fact]
    public void Long_texts_are_not_kept()
    {
        var pool = new TextPool(64, 8);

        Assert.Equal("123456789", pool.Get("123456789"u8));
        Assert.Equal(0, pool.Count);
        pool.Get("12345678"u8);
        Assert.Equal(1, pool.Count);
    }

    [Fact]
    public void A_visitor_population_fits_a_pool_of_three_times_its_size()
    {
        var pool = new TextPool(32_768, 128);
        var visitors = Enumerable.Range(0, 10_000).Select(number => Encoding.UTF8.GetBytes($"visitor-{number}")).ToArray();
        var first = visitors.Select(visitor => pool.Get(visitor)).ToArray();

        var kept = visitors.Where((visitor, number) => ReferenceEquals(first[number], pool.Get(visitor))).Count();

        Assert.InRange(kept, 9_700, 10_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(48)]
    public void A_capacity_that_is_no_power_of_two_from_four_is_refused(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextPool(capacity, 8));
}
