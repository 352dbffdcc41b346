using Orleans.Runtime;

namespace ClickOrleans.Grains.Silos;

/// <summary>
/// What the silos say of their load: asked when somebody wants to know, every two seconds at most, for all who ask.
/// </summary>
public sealed class SiloLoads(IGrainFactory grains, IClusterMembershipService membership, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _asking = new(1, 1);
    private IReadOnlyDictionary<string, SiloLoad> _last = new Dictionary<string, SiloLoad>();
    private long? _asked;

    /// <summary>By address (<c>ip:port</c>); a silo that did not answer in time is missing.</summary>
    public async Task<IReadOnlyDictionary<string, SiloLoad>> GetAsync()
    {
        await _asking.WaitAsync();
        try
        {
            if (_asked is not { } asked || time.GetElapsedTime(asked) > Fresh)
            {
                var silos = membership.CurrentSnapshot.Members.Values
                    .Where(member => member.Status == SiloStatus.Active)
                    .Select(member => member.SiloAddress);
                var loads = await Task.WhenAll(silos.Select(AskAsync));
                _last = loads.OfType<SiloLoad>().ToDictionary(load => load.Address, StringComparer.Ordinal);
                _asked = time.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<SiloLoad?> AskAsync(SiloAddress silo)
    {
        try
        {
            var answers = await grains.GetGrain<IManagementGrain>(0).GetRuntimeStatistics([silo]).WaitAsync(Timeout, time);
            var statistics = answers[0];
            return new SiloLoad(
                silo.Endpoint.ToString(),
                statistics.EnvironmentStatistics.FilteredCpuUsagePercentage,
                statistics.EnvironmentStatistics.FilteredMemoryUsageBytes,
                statistics.ActivationCount);
        }
        catch (Exception)
        {
            // It may just be going; whether it lives is the membership's to say.
            return null;
        }
    }
}

/// <param name="Address"><c>ip:port</c> of the silo, as in the status.</param>
/// <param name="CpuPercent">Of all cores of its machine or container, 0 to 100.</param>
public sealed record SiloLoad(string Address, float CpuPercent, long MemoryBytes, int Activations);
