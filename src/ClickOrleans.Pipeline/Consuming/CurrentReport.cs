namespace ClickOrleans.Pipeline.Consuming;

/// <summary>A consumer's report: changed by the consumer alone, read by anyone at any time.</summary>
internal sealed class CurrentReport(int partition)
{
    private PartitionReport _value = new(partition, PartitionState.Starting, null, 0, 0, 0, null, null);

    public PartitionReport Value => Volatile.Read(ref _value);

    public void Change(Func<PartitionReport, PartitionReport> change) => Volatile.Write(ref _value, change(_value));
}
