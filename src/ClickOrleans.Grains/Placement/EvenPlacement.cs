using Orleans.Metadata;
using Orleans.Runtime;

namespace ClickOrleans.Grains.Placement;

/// <summary>Grain <c>i</c> of a class sits on silo <c>i mod n</c> of the <c>n</c> that are active, eldest first.</summary>
/// <remarks>
/// A function of the members alone: whoever places a grain and whoever checks where it sits come to the same answer. A silo that
/// joins is the youngest and shifts nobody's number.
/// </remarks>
[GenerateSerializer]
[Immutable]
[Alias("ClickOrleans.EvenPlacement")]
public sealed class EvenPlacement : PlacementStrategy
{
    private const string Property = "clickorleans-even-from-youngest";

    public EvenPlacement()
    {
    }

    internal EvenPlacement(bool fromYoungest) => FromYoungest = fromYoungest;

    /// <summary>Counts the silos from the other end: what is few of one class does not meet what is few of another.</summary>
    [Id(0)]
    public bool FromYoungest { get; private set; }

    public override void Initialize(GrainProperties properties) =>
        FromYoungest = properties.Properties.TryGetValue(Property, out var value) && bool.Parse(value);

    public override void PopulateGrainProperties(
        IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        base.PopulateGrainProperties(services, grainClass, grainType, properties);
        properties[Property] = FromYoungest.ToString();
    }

    /// <returns>Null where there is no silo.</returns>
    public SiloAddress? Choose(GrainId grain, IEnumerable<SiloAddress> silos)
    {
        var eldestFirst = silos
            .OrderBy(silo => silo.Generation)
            .ThenBy(silo => silo.Endpoint.ToString(), StringComparer.Ordinal)
            .ToList();
        if (eldestFirst.Count == 0)
        {
            return null;
        }

        var number = (int)(grain.GetIntegerKey() % eldestFirst.Count);
        return eldestFirst[FromYoungest ? eldestFirst.Count - 1 - number : number];
    }
}
