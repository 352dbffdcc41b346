using ClickOrleans.Pipeline.Consuming;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Tests.Consuming;

public sealed class BatchBuilderTests
{
    [Theory]
    [InlineData(600, 0, 2)]
    [InlineData(0, 600, 2)]
    [InlineData(200, 200, 3)]
    public void A_batch_is_full_by_the_bytes_of_keys_and_values(int key, int value, int messages)
    {
        var builder = new BatchBuilder(new ConsumingOptions { BatchBytes = 1024 }, new AdaptiveBatch(100, 1, 100));
        builder.Start(new ClickBatch { LogId = 1, Partition = 0, ExpectedOffset = 0 }, 0);

        var visited = 1;
        while (builder.Visit(Message(visited, key, value)))
        {
            visited++;
        }

        Assert.Equal(messages, visited);
    }

    private static ReceivedMessage Message(long offset, int key, int value) => new()
    {
        Offset = offset,
        AppendedAt = DateTime.UnixEpoch,
        HasKey = true,
        Key = new byte[key],
        HasValue = true,
        Value = new byte[value],
    };
}
