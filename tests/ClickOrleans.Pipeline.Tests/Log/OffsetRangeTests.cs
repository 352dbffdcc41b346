using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Tests.Log;

public sealed class OffsetRangeTests
{
    [Fact]
    public void What_is_left_without_others_is_what_none_of_them_holds()
    {
        OffsetRange[] others = [new(0, 3), new(5, 5), new(5, 7), new(6, 8), new(9, 20)];

        Assert.Equal([new OffsetRange(3, 5), new OffsetRange(8, 9)], new OffsetRange(2, 12).Except(others));
        Assert.Equal([new OffsetRange(2, 12)], new OffsetRange(2, 12).Except([]));
        Assert.Empty(new OffsetRange(10, 12).Except(others));
        Assert.Equal([new OffsetRange(20, 25)], new OffsetRange(12, 25).Except(others));
    }
}
