using System.Net;
using ClickOrleans.Grains.Placement;
using Orleans.Runtime;

namespace ClickOrleans.Grains.Tests.Placement;

public sealed class EvenPlacementTests
{
    private static readonly SiloAddress[] Silos =
        [.. Enumerable.Range(1, 4).Select(age => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 30000 - age), age))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_silo_has_two_grains_more_than_another(bool fromYoungest)
    {
        var placement = new EvenPlacement(fromYoungest);

        var counts = Enumerable.Range(0, 10)
            .Select(index => placement.Choose(Grain(index), Silos))
            .CountBy(silo => silo!)
            .ToDictionary();

        Assert.Equal(Silos.Length, counts.Count);
        Assert.InRange(counts.Values.Max() - counts.Values.Min(), 0, 1);
    }

    [Fact]
    public void The_order_in_which_silos_are_named_does_not_matter()
    {
        var placement = new EvenPlacement();

        Assert.All(Enumerable.Range(0, 10), index =>
            Assert.Equal(placement.Choose(Grain(index), Silos), placement.Choose(Grain(index), Silos.Reverse())));
    }

    [Fact]
    public void A_silo_that_joins_leaves_the_first_of_every_other_where_it_is()
    {
        var placement = new EvenPlacement();

        Assert.All(Enumerable.Range(0, 3), index =>
            Assert.Equal(placement.Choose(Grain(index), Silos[..3]), placement.Choose(Grain(index), Silos)));
        Assert.Equal(Silos[3], placement.Choose(Grain(3), Silos));
    }

    [Fact]
    public void Without_silos_there_is_no_place() => Assert.Null(new EvenPlacement().Choose(Grain(0), []));

    private static GrainId Grain(int index) =>
        GrainId.Create(GrainType.Create("consumer"), GrainIdKeyExtensions.CreateIntegerKey(index));
}
