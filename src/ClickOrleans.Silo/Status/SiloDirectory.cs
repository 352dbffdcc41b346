using Orleans.Runtime;

namespace ClickOrleans.Silo.Status;

/// <summary>The cluster's silos as this silo sees them.</summary>
public sealed class SiloDirectory(IClusterMembershipService membership)
{
    public IReadOnlyList<SiloStatusRow> GetSilos() =>
        [.. membership.CurrentSnapshot.Members.Values
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => new SiloStatusRow(
                member.Name, member.SiloAddress.Endpoint.ToString(), member.Status.ToString().ToLowerInvariant()))];
}
