using ClickOrleans.Pipeline.Log;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// The mark of the last record that was visited. Each is copied, because any may turn out to be the last; only that one is
/// hashed.
/// </summary>
internal sealed class LastRecord
{
    /// <summary>Greater ones are rare: they are hashed at once, and no room is kept for them.</summary>
    private const int MostCopied = 16 * 1024;

    private byte[] _bytes = [];
    private int _keyLength;
    private int _length;
    private (long Offset, int? LeaderEpoch, bool HasKey, bool HasValue)? _copied;
    private RecordMark? _mark;

    /// <summary>Null where none was visited.</summary>
    public RecordMark? Mark
    {
        get
        {
            if (_copied is { } copied)
            {
                var key = _bytes.AsSpan(0, _keyLength);
                var value = _bytes.AsSpan(_keyLength, _length - _keyLength);
                var hash = RecordMark.HashOf(copied.HasKey, key, copied.HasValue, value);
                (_mark, _copied) = (new RecordMark(copied.Offset, copied.LeaderEpoch, hash), null);
            }

            return _mark;
        }
    }

    public void Clear() => (_mark, _copied) = (null, null);

    public void Visit(in ReceivedMessage message)
    {
        var length = message.Key.Length + message.Value.Length;
        if (length > MostCopied)
        {
            (_mark, _copied) = (RecordMark.Of(message), null);
            return;
        }

        if (length > _bytes.Length)
        {
            _bytes = new byte[Math.Min(MostCopied, length * 2)];
        }

        message.Key.CopyTo(_bytes);
        message.Value.CopyTo(_bytes.AsSpan(message.Key.Length));
        (_keyLength, _length) = (message.Key.Length, length);
        _copied = (message.Offset, message.LeaderEpoch, message.HasKey, message.HasValue);
    }
}
