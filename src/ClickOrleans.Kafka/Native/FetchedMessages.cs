using System.Text;
using Confluent.Kafka;

namespace ClickOrleans.Kafka.Native;

/// <summary>Messages taken over from librdkafka, which are destroyed one by one. Used by one caller at a time.</summary>
internal sealed unsafe class FetchedMessages(NativeConsumer consumer)
{
    private const int Most = 4096;

    private readonly nint[] _messages = new nint[Most];
    private int _first;

    public int Count { get; private set; }

    public NativeMessage* First => (NativeMessage*)_messages[_first];

    public static KafkaException Fault(ErrorCode code, string place, string text) => new(new Error(code, $"{place}: {text}"));

    /// <summary>Takes over what librdkafka has now; only where there is none left.</summary>
    public bool TryFetch()
    {
        _first = 0;
        Count = consumer.Consume(_messages);
        return Count > 0;
    }

    public void DestroyFirst()
    {
        Librdkafka.DestroyMessage(First);
        _first++;
        Count--;
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
}
