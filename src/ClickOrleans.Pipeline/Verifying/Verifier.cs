using ClickOrleans.Pipeline.Index;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Verifying;

/// <summary>
/// Checks that no click is lost or duplicated: log against store, store against rollups, rollups against index. Read-only. The
/// pipeline may be running: log and clicks are compared through one snapshot of the store.
/// </summary>
public sealed class Verifier(IClickLog log, IStoreAudit audit, IRollupStore rollups, IClickIndex index, TimeProvider time)
{
    public async Task<VerifyReport> RunAsync(VerifyOptions options, CancellationToken cancellationToken)
    {
        var report = new VerifyReport();
        await using (var snapshot = await audit.OpenSnapshotAsync(cancellationToken))
        {
            var identity = await log.IdentifyAsync(cancellationToken);
            await new LogCheck(log, identity, snapshot, options, report, time).RunAsync(cancellationToken);
            await new RollupCheck(snapshot, options, report).RunAsync(cancellationToken);
        }

        await new IndexCheck(rollups, index, options, report).RunAsync(cancellationToken);
        return report;
    }
}
