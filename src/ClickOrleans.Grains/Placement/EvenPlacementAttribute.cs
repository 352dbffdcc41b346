using Orleans.Placement;

namespace ClickOrleans.Grains.Placement;

/// <summary>Spreads the grains of a class, which have whole numbers for keys, evenly over the silos.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EvenPlacementAttribute(bool fromYoungest = false) : PlacementAttribute(new EvenPlacement(fromYoungest))
{
    public bool FromYoungest => fromYoungest;
}
