using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Kafka.Native;

/// <summary>Looks for origins in the headers of some messages of a read, so that looking costs next to nothing.</summary>
internal sealed class OriginSampler
{
    /// <summary>In how many messages of a read headers are looked at one by one; small appends each leave a few.</summary>
    private const int First = 32;

    /// <summary>From then on each of so many; large appends leave many in a row.</summary>
    private const int OneOf = 256;

    private bool _wanted;
    private int _seen;

    public void Start(IMessageVisitor visitor) => (_wanted, _seen) = (visitor.WantsOrigins, 0);

    public unsafe void Look(IMessageVisitor visitor, NativeMessage* message)
    {
        if (_wanted && (_seen < First || _seen % OneOf == 0) && NativeHeaders.TryReadOrigin(message, out var origin))
        {
            visitor.TakeOrigin(origin);
        }

        _seen++;
    }
}
