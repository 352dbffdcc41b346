using ClickOrleans.Pipeline.Consuming;

namespace ClickOrleans.Pipeline.Tests.Consuming;

public sealed class RecentIdsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(1_000, 2)]
    [InlineData(1_000, 1_000)]
    [InlineData(5_000, 100_000)]
    public void It_finds_what_a_list_of_the_window_would(int window, int differentHashes)
    {
        var random = new Random(window + differentHashes);
        var ids = new RecentIds(window);
        var list = new List<(ulong Hash, long Offset)>();
        var offset = (1L << 32) - 3_000;
        for (var step = 0; step < 8_000; step++)
        {
            offset += random.Next(1, 4);

            // Few homes in the table, so that entries are displaced.
            var hash = (ulong)random.Next(differentHashes) << (32 + random.Next(2));
            ids.Forget(offset);
            list.RemoveAll(id => offset - id.Offset > window);
            var found = new List<long>();
            ids.Find(hash, found);
            Assert.Equal(list.Where(id => id.Hash == hash).Select(id => id.Offset), found.Order());
            if (random.Next(4) > 0)
            {
                ids.Add(hash, offset);
                list.Add((hash, offset));
            }

            Assert.Equal(list.Count, ids.Count);
        }
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void A_full_window_takes_at_most_24_bytes_an_id(int window)
    {
        var ids = new RecentIds(window);
        for (var offset = 0L; offset < 2L * window; offset++)
        {
            ids.Add((ulong)offset * 0x9E3779B97F4A7C15, offset);
        }

        Assert.Equal(window + 1, ids.Count);
        Assert.InRange(ids.Bytes / (double)ids.Count, 12, 24);
    }

    [Fact]
    public void Nothing_is_kept_before_the_first_id() => Assert.Equal(0, new RecentIds(100_000).Bytes);
}
