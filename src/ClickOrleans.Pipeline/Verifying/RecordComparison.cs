using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.Verifying;

/// <summary>Compares stored records with the log's messages, field by field.</summary>
internal sealed class RecordComparison(int maxNamed)
{
    private readonly ClickDecoder _decoder = new();
    private readonly ClickColumns _decoded = new();
    private readonly Dictionary<long, AuditedRecord> _records = [];
    private readonly List<string> _differences = [];
    private int _found;

    /// <summary>The last of the records that was found to be the same in both.</summary>
    public RecordMark? LastSame { get; private set; }

    public IEnumerable<string> Differences =>
        _found > _differences.Count
            ? _differences.Append($"and {_found - _differences.Count:N0} more records differ")
            : _differences;

    public void Expect(IReadOnlyList<AuditedRecord> records)
    {
        _records.Clear();
        foreach (var record in records)
        {
            _records.TryAdd(record.Offset, record);
        }
    }

    /// <summary>
    /// Compares one message. A message without a record is a gap, which <see cref="LogCheck"/> reports; a dead letter that an
    /// operator discarded or retried may differ from the message.
    /// </summary>
    public void Compare(RawMessage message)
    {
        if (!_records.TryGetValue(message.Offset, out var record) || record.IsDiscarded || record.IsRetried)
        {
            return;
        }

        _decoded.Clear();
        var isClick = _decoder.TryDecode(message.Value, message.Offset, _decoded, out var error);
        if (record.Duplicate is { } duplicate)
        {
            if (Difference(duplicate, isClick ? _decoded[0].EventId : null) is { } other)
            {
                Add($"offset {record.Offset}: {other}");
                return;
            }
        }
        else if (record.IsDeadLetter)
        {
            if (!(record.DeadLetterPayload ?? []).AsSpan().SequenceEqual(message.Value ?? []))
            {
                Add($"offset {record.Offset}: the dead letter's payload is not the message in the log");
                return;
            }
        }
        else if (!isClick)
        {
            Add($"offset {record.Offset}: stored as a click, but the message in the log is no click ({error.Reason.Name()})");
            return;
        }
        else if (Difference(record.Click!, _decoded[0]) is { } difference)
        {
            Add($"offset {record.Offset}: {difference}");
            return;
        }

        LastSame = message.Mark;
    }

    /// <remarks>The click that it repeats may have become a dead letter since, or have been removed.</remarks>
    private static string? Difference(AuditedDuplicate duplicate, Guid? logged) => (duplicate.EventId, logged) switch
    {
        (_, null) => "stored as a duplicate, but the message in the log has no event id",
        ({ } stored, { } id) when stored != id =>
            $"stored as a duplicate of offset {duplicate.OriginalOffset}, whose event_id is '{stored}', but its own is '{id}'",
        _ => null,
    };

    private static string? Difference(Click stored, Click logged)
    {
        // An earlier version stored clicks without it.
        if (stored.EventId is { } id && id != logged.EventId)
        {
            return $"event_id is '{id}' in the store and '{logged.EventId}' in the log";
        }

        (string Name, object Stored, object Logged)[] fields =
        [
            ("user_id", stored.UserId, logged.UserId),
            ("timestamp", stored.Timestamp, logged.Timestamp),
            ("url", stored.Url, logged.Url),
            ("country", stored.Country, logged.Country),
            ("city", stored.City, logged.City),
            ("browser", stored.Browser, logged.Browser),
            ("os", stored.Os, logged.Os),
            ("device", stored.Device, logged.Device),
        ];
        foreach (var (name, inStore, inLog) in fields)
        {
            if (!inStore.Equals(inLog))
            {
                return $"{name} is '{Text(inStore)}' in the store and '{Text(inLog)}' in the log";
            }
        }

        return null;
    }

    private static string Text(object value) => value is DateTime time ? time.ToString("O") : value.ToString()!;

    private void Add(string difference)
    {
        if (_found++ < maxNamed)
        {
            _differences.Add(difference);
        }
    }
}
