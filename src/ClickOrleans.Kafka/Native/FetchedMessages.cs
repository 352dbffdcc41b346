using System.Buffers;
using System.Text;
using Confluent.Kafka;

namespace ClickOrleans.Kafka.Native;

/// <summary>
/// Messages taken over from librdkafka, which are destroyed one by one. It holds no memory while there are none. Used by one
/// caller at a time.
/// </summary>
internal sealed unsafe class FetchedMessages
{
    /// <summary>The most that <see cref="TryFetch"/> takes: where it took as many, there are more.</summary>
    public const int Most = 4096;

    private nint[] _messages = [];
    private int _first;

    public int Count { get; private set; }

    public NativeMessage* First => (NativeMessage*)_messages[_first];

    public static KafkaException Fault(ErrorCode code, string place, string text) => new(new Error(code, $"{place}: {text}"));

    /// <summary>Takes over what librdkafka has now; only where there is none left.</summary>
    public bool TryFetch(NativePartitionQueue queue)
    {
        Take(queue);
        return Count > 0;
    }

    /// <summary>Takes over all that librdkafka has now, behind what there is.</summary>
    public void FetchRest(NativePartitionQueue queue)
    {
        int before;
        do
        {
            before = Count;
            Take(queue);
        }
        while (Count > before);
    }

    public void DestroyFirst()
    {
        Librdkafka.DestroyMessage(First);
        _first++;
        if (--Count == 0)
        {
            Return();
        }
    }

    /// <summary>The first message as the fault that it tells of.</summary>
    /// <param name="place">Which partition it is about.</param>
    public KafkaException TakeFault(string place)
    {
        var fault = Fault((ErrorCode)First->Error, place, Encoding.UTF8.GetString(First->PayloadBytes));
        DestroyFirst();
        return fault;
    }

    public void DestroyAll()
    {
        while (Count > 0)
        {
            DestroyFirst();
        }
    }

    private void Take(NativePartitionQueue queue)
    {
        var used = _first + Count;
        if (_messages.Length - used < Most)
        {
            var larger = ArrayPool<nint>.Shared.Rent(Count + Most);
            _messages.AsSpan(_first, Count).CopyTo(larger);
            Return();
            (_messages, _first, used) = (larger, 0, Count);
        }

        Count += queue.Consume(_messages.AsSpan(used, Most));
        if (Count == 0)
        {
            Return();
        }
    }

    private void Return()
    {
        if (_messages.Length > 0)
        {
            ArrayPool<nint>.Shared.Return(_messages);
        }

        (_messages, _first) = ([], 0);
    }
}
