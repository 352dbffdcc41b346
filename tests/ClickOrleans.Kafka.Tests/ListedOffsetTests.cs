using Confluent.Kafka;

namespace ClickOrleans.Kafka.Tests;

public sealed class ListedOffsetTests
{
    [Theory]
    [InlineData(0, ErrorCode.NoError, ErrorCode.NoError)]
    [InlineData(42, ErrorCode.NoError, ErrorCode.NoError)]
    [InlineData(-1001, ErrorCode.LeaderNotAvailable, ErrorCode.LeaderNotAvailable)]
    [InlineData(-1001, ErrorCode.NoError, ErrorCode.Local_TimedOut)]
    public void A_leader_that_has_not_answered_is_an_outage_and_no_offset(long offset, ErrorCode told, ErrorCode expected) =>
        Assert.Equal(new ListedOffset(3, offset, expected), ListedOffset.Of(3, offset, told));
}
