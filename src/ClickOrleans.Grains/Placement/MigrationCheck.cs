using Orleans.Runtime;

namespace ClickOrleans.Grains.Placement;

/// <summary>Where a grain sits, and for how long it has been sitting on another silo than it should.</summary>
public sealed class MigrationCheck(ISiloStatusOracle silos, TimeProvider time)
{
    /// <summary>Silos learn of each other's coming and going one after another: until they agree, nobody moves.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    private SiloAddress? _better;
    private long _since;

    /// <summary>True when there has been a better place, the same one, for a while.</summary>
    public bool IsDue(GrainId grain, EvenPlacement placement)
    {
        var chosen = placement.Choose(grain, silos.GetApproximateSiloStatuses(onlyActive: true).Keys);
        if (chosen is null || chosen.Equals(silos.SiloAddress))
        {
            _better = null;
            return false;
        }

        if (!chosen.Equals(_better))
        {
            _better = chosen;
            _since = time.GetTimestamp();
        }

        return time.GetElapsedTime(_since) >= Settled;
    }
}
