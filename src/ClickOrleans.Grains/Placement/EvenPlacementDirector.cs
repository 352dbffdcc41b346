using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace ClickOrleans.Grains.Placement;

/// <summary>Places as <see cref="EvenPlacement"/> says.</summary>
public sealed class EvenPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(
            ((EvenPlacement)strategy).Choose(target.GrainIdentity, context.GetCompatibleSilos(target))
            ?? throw new SiloUnavailableException($"There is no silo for {target.GrainIdentity}."));
}
