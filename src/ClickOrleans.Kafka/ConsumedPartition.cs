using ClickOrleans.Kafka.Native;
using Confluent.Kafka;

namespace ClickOrleans.Kafka;

/// <summary>A partition that a consumer fetches.</summary>
internal sealed class ConsumedPartition(SharedConsumer consumer, int partition, NativePartitionQueue queue)
{
    public SharedConsumer Consumer => consumer;

    public int Partition => partition;

    public NativePartitionQueue Queue => queue;

    /// <summary>Stops fetching; messages that were taken over stay valid until it is released.</summary>
    public Task StopAsync() => consumer.StopAsync(queue);

    public void Serve() => consumer.Client.Serve();

    public void Received() => consumer.Received();

    public void Suspect(KafkaException fault) => consumer.Suspect(fault);
}
