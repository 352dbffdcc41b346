using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Verifying;
using ClickOrleans.Pipeline.Wire;
using static ClickOrleans.Pipeline.Tests.Verifying.Samples;

namespace ClickOrleans.Pipeline.Tests.Verifying;

public class RecordComparisonTests
{
    private readonly RecordComparison _comparison = new(maxNamed: 3);

    [Fact]
    public void A_click_equal_to_its_message_is_no_difference()
    {
        Compare(Stored(4), Value(4));

        Assert.Empty(_comparison.Differences);
    }

    public static TheoryData<string, Click> Altered { get; } = new()
    {
        { "user_id is 'eve' in the store and 'user1' in the log", ClickAt(4) with { UserId = "eve" } },
        { "url is '/x' in the store and '/0' in the log", ClickAt(4) with { Url = "/x" } },
        { "country is 'XX' in the store and 'NL' in the log", ClickAt(4) with { Country = "XX" } },
        { "city is 'Atlantis' in the store and 'Utrecht' in the log", ClickAt(4) with { City = "Atlantis" } },
        { "browser is 'Lynx' in the store and 'Firefox' in the log", ClickAt(4) with { Browser = "Lynx" } },
        { "os is 'TOS' in the store and 'Linux' in the log", ClickAt(4) with { Os = "TOS" } },
        { "device is 'tv' in the store and 'desktop' in the log", ClickAt(4) with { Device = "tv" } },
        {
            "timestamp is '2026-03-01T12:00:00.0000000Z' in the store and '2026-03-01T12:00:04.0000000Z' in the log",
            ClickAt(4) with { Timestamp = Noon }
        },
    };

    [Theory]
    [MemberData(nameof(Altered), DisableDiscoveryEnumeration = true)]
    public void A_field_that_differs_is_named_with_both_values(string difference, Click stored)
    {
        Compare(Stored(4, stored), Value(4));

        Assert.Equal([$"offset 4: {difference}"], _comparison.Differences);
    }

    [Fact]
    public void A_click_whose_message_is_no_click_is_a_difference_with_the_reason()
    {
        Compare(Stored(4), "{"u8.ToArray());

        Assert.Equal(
            ["offset 4: stored as a click, but the message in the log is no click (malformed_json)"], _comparison.Differences);
    }

    [Fact]
    public void A_dead_letter_must_hold_the_message()
    {
        _comparison.Expect([Dead(1, [1, 2]), Dead(2, [1, 2]), Dead(3, null)]);

        _comparison.Compare(Message(1, [1, 2]));
        _comparison.Compare(Message(2, [1, 3]));
        _comparison.Compare(Message(3, null));

        Assert.Equal(["offset 2: the dead letter's payload is not the message in the log"], _comparison.Differences);
    }

    [Fact]
    public void Discarded_and_retried_dead_letters_may_differ_from_the_message()
    {
        _comparison.Expect([Dead(1, null, isDiscarded: true), Stored(2, ClickAt(9), isRetried: true)]);

        _comparison.Compare(Message(1, [1, 2]));
        _comparison.Compare(Message(2, "{"u8.ToArray()));

        Assert.Empty(_comparison.Differences);
    }

    [Fact]
    public void An_event_id_that_was_stored_must_be_that_of_the_message()
    {
        var (id, other) = (Guid.NewGuid(), Guid.NewGuid());
        _comparison.Expect([Stored(1, ClickAt(1) with { EventId = id }), Stored(2), Stored(3, ClickAt(3) with { EventId = id })]);

        _comparison.Compare(Message(1, ClickEncoder.Encode(ClickAt(1) with { EventId = id })));
        _comparison.Compare(Message(2, ClickEncoder.Encode(ClickAt(2) with { EventId = id })));
        _comparison.Compare(Message(3, ClickEncoder.Encode(ClickAt(3) with { EventId = other })));

        Assert.Equal([$"offset 3: event_id is '{id}' in the store and '{other}' in the log"], _comparison.Differences);
    }

    [Fact]
    public void A_duplicate_must_have_the_event_id_of_the_click_that_it_repeats()
    {
        var (id, other) = (Guid.NewGuid(), Guid.NewGuid());
        _comparison.Expect([Duplicate(1, id), Duplicate(2, id), Duplicate(3, id), Duplicate(4, null)]);

        _comparison.Compare(Message(1, ClickEncoder.Encode(ClickAt(1) with { EventId = id })));
        _comparison.Compare(Message(2, ClickEncoder.Encode(ClickAt(2) with { EventId = other })));
        _comparison.Compare(Message(3, Value(3)));
        _comparison.Compare(Message(4, ClickEncoder.Encode(ClickAt(4) with { EventId = other })));

        Assert.Equal(
            [
                $"offset 2: stored as a duplicate of offset 0, whose event_id is '{id}', but its own is '{other}'",
                "offset 3: stored as a duplicate, but the message in the log has no event id",
            ],
            _comparison.Differences);

        static AuditedRecord Duplicate(long offset, Guid? id) =>
            new(offset, null, null, false, false, false, new AuditedDuplicate(0, id));
    }

    [Fact]
    public void A_message_without_a_record_is_no_difference_here()
    {
        _comparison.Expect([Stored(4)]);

        _comparison.Compare(Message(5, Value(5)));

        Assert.Empty(_comparison.Differences);
    }

    [Fact]
    public void Differences_beyond_the_limit_are_counted()
    {
        _comparison.Expect([.. Enumerable.Range(0, 5).Select(offset => Stored(offset, ClickAt(99)))]);

        foreach (var offset in Enumerable.Range(0, 5))
        {
            _comparison.Compare(Message(offset, Value(offset)));
        }

        var differences = _comparison.Differences.ToList();
        Assert.Equal(4, differences.Count);
        Assert.StartsWith("offset 0: ", differences[0], StringComparison.Ordinal);
        Assert.Equal("and 2 more records differ", differences[3]);
    }

    private void Compare(AuditedRecord record, byte[] value)
    {
        _comparison.Expect([record]);
        _comparison.Compare(Message(record.Offset, value));
    }
}
