using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Grains.Placement;

public static class EvenPlacementExtensions
{
    /// <summary>What the pipeline's grains ask of a silo.</summary>
    public static ISiloBuilder AddEvenPlacement(this ISiloBuilder silo)
    {
        // One strategy for each class: as a singleton, the last class to be set up would count for all.
        silo.Services.AddPlacementDirector<EvenPlacement, EvenPlacementDirector>(ServiceLifetime.Transient);
        silo.Services.AddTransient<MigrationCheck>();
        return silo;
    }
}
