using Orleans.Runtime;

namespace ClickOrleans.Silo.Status;

/// <summary>The cluster's silos as this silo sees them.</summary>
public sealed class SiloDirectory(IClusterMembershipService membership)
{
    /// <summary>Where Orleans counts generations from.</summary>
    private static readonly DateTime Epoch = new(2022, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public IReadOnlyList<SiloStatusRow> GetSilos() =>
        [.. membership.CurrentSnapshot.Members.Values
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => new SiloStatusRow(
                member.Name,
                member.SiloAddress.Endpoint.ToString(),
                member.Status.ToString().ToLowerInvariant(),
                Started(member.SiloAddress)))];

    /// <summary>A silo's generation is drawn from the clock at its start (<c>SiloAddress.AllocateNewGeneration</c>).</summary>
    private static DateTime Started(SiloAddress silo) => Epoch.AddSeconds(silo.Generation);
}
