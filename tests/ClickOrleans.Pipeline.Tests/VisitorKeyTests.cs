using System.Text;

namespace ClickOrleans.Pipeline.Tests;

public sealed class VisitorKeyTests
{
    private static readonly VisitorKey Key = VisitorKey.From([.. Enumerable.Range(0, 16).Select(number => (byte)number)]);

    /// <summary>The reference's vectors: key and message are 00 01 02 ...; https://github.com/veorq/SipHash, vectors.h.</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void It_is_SipHash_2_4(int length, ulong hash) =>
        Assert.Equal(hash, (ulong)Key.Hash([.. Enumerable.Range(0, length).Select(number => (byte)number)]));

    [Theory]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("zoë 🙂")]
    [InlineData("2654435761-user-00000003e8")]
    public void A_text_has_the_hash_of_its_UTF8(string user) =>
        Assert.Equal(Key.Hash(Encoding.UTF8.GetBytes(user)), Key.Hash(user));

    [Fact]
    public void A_text_of_any_length_is_hashed()
    {
        var text = new string('é', 5_000);

        Assert.Equal(Key.Hash(Encoding.UTF8.GetBytes(text)), Key.Hash(text));
    }

    [Fact]
    public void Another_key_makes_another_visitor() => Assert.NotEqual(Key.Hash("ann"), default(VisitorKey).Hash("ann"));

    [Fact]
    public void A_key_of_another_length_is_refused() => Assert.Throws<ArgumentException>(() => VisitorKey.From(new byte[15]));
}
