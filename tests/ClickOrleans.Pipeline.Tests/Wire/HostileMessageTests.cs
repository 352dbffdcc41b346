using System.Text;
using System.Text.Json;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Testing.HostileMessages;
using CsCheck;

namespace ClickOrleans.Pipeline.Tests.Wire;

public sealed class HostileMessageTests
{
    /// <summary>
    /// What JSON and clicks are made of, valid and not; random rows of these are rarely JSON, but often nearly.
    /// </summary>
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\", " ", "\n", "\0", "\uFEFF", "null", "true", "false", "0", "-", "1.5", "1e9",
        "\"user_id\":\"u\"", "\"timestamp\":0", "\"url\":\"/\"", "\"country\":\"\"", "\"city\":\"\"", "\"browser\":\"\"",
        "\"os\":\"\"", "\"device\":\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"2024-01-01 00:00:00\"", "{}", "[]", "\"a\"", "\"a\":",
        "é", "\U0001F600", "//", "'",
    ];

    private readonly ClickDecoder _decoder = new();
    private readonly ClickColumns _clicks = new();

    [Fact]
    public void A_hundred_thousand_hostile_messages_become_what_the_oracle_says()
    {
        var outcomes = new Dictionary<string, int>();
        foreach (var message in HostileMessages.Mutations(seed: 20260101, count: 100_000))
        {
            var outcome = AgreesWithTheOracle(message);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        // Each outcome is there often enough to mean something.
        Assert.InRange(outcomes["click"], 30_000, 80_000);
        foreach (var reason in Enum.GetValues<DeadLetterReason>().Except([DeadLetterReason.RejectedByStore]))
        {
            Assert.InRange(outcomes[reason.Name()], 500, 50_000);
        }
    }

    [Fact]
    public void Random_rows_of_tokens_become_what_the_oracle_says() =>
        Gen.Int[0, Tokens.Length - 1].Array[0, 24].Sample(
            row => AgreesWithTheOracle(Encoding.UTF8.GetBytes(string.Concat(row.Select(token => Tokens[token])))),
            iter: 30_000,
            threads: 1);

    [Fact]
    public void Random_values_in_the_eight_places_become_what_the_oracle_says() =>
        Gen.Int[0, Tokens.Length - 1].Array[8].Sample(
            row => AgreesWithTheOracle(Encoding.UTF8.GetBytes($"[{string.Join(',', row.Select(token => Tokens[token]))}]")),
            iter: 30_000,
            threads: 1);

    [Fact]
    public void Random_bytes_become_what_the_oracle_says() =>
        Gen.Byte.Array[0, 40].Sample(bytes => AgreesWithTheOracle(bytes), iter: 30_000, threads: 1);

    [Fact]
    public void Clicks_with_one_byte_changed_become_what_the_oracle_says() =>
        Gen.Select(WireGen.StorableClick, Gen.Int[0, 1 << 20], Gen.Byte).Sample(
            (click, place, value) =>
            {
                var message = ClickEncoder.Encode(click);
                message[place % message.Length] = value;
                AgreesWithTheOracle(message);
            },
            iter: 20_000,
            threads: 1);

    [Fact]
    public void The_oracle_knows_JSON_when_it_sees_it()
    {
        var options = new JsonDocumentOptions { MaxDepth = int.MaxValue };
        foreach (var message in HostileMessages.Mutations(seed: 2, count: 20_000).OfType<byte[]>())
        {
            var json = message.AsMemory(message is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0);

            // A document's cost grows with the square of its depth.
            if (json.IsEmpty || json.Length > 20_000 || !System.Text.Unicode.Utf8.IsValid(json.Span))
            {
                continue;
            }

            var malformed = false;
            try
            {
                using var document = JsonDocument.Parse(json, options);
            }
            catch (JsonException)
            {
                malformed = true;
            }

            Assert.True(malformed == (WireOracle.Judge(message).Reason == DeadLetterReason.MalformedJson), Show(message));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_messages_and_none_is_too_long_for_a_broker()
    {
        var messages = HostileMessages.Mutations(seed: 3, count: 20_000).ToList();

        Assert.True(AreEqual(messages, HostileMessages.Mutations(seed: 3, count: 20_000)));
        Assert.False(AreEqual(messages.Take(100), HostileMessages.Mutations(seed: 4, count: 100)));
        Assert.InRange(messages.Max(message => message?.Length ?? 0), 900_000, HostileMessages.Longest);
        Assert.Contains(null, messages);
    }

    [Fact]
    public void No_message_makes_the_decoder_allocate_much_more_than_its_own_size()
    {
        foreach (var message in HostileMessages.Mutations(seed: 5, count: 20_000))
        {
            _clicks.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            _decoder.TryDecode(message, 0, _clicks, out _);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            // The rest is what an exception, an error's text and a bit for each level of nesting take.
            Assert.True(
                allocated <= (2 * (message?.Length ?? 0)) + 65_536,
                $"{allocated} bytes for {message?.Length}: {Show(message)}");
        }
    }

    [Fact]
    public void A_refused_value_of_a_million_bytes_allocates_next_to_nothing()
    {
        var plain = Encoding.UTF8.GetBytes($"[\"u\",0,\"{new string('a', 990_000)}\",\"\",\"\",\"\",\"\",\"\"]");
        var escaped = Encoding.UTF8.GetBytes(
            $"[\"u\",0,\"{string.Concat(Enumerable.Repeat("\\u0000", 165_000))}\",\"\",\"\",\"\",\"\",\"\"]");
        _decoder.TryDecode(plain, 0, _clicks, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(_decoder.TryDecode(plain, 0, _clicks, out _));
        Assert.False(_decoder.TryDecode(escaped, 0, _clicks, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_384);
    }

    [Fact]
    public void However_many_texts_pass_few_are_kept()
    {
        var seen = PassThrough(visitors: 100_000);

        GC.Collect();

        // 32,768 visitors and 8,192 other texts is what the pools hold.
        Assert.InRange(seen.Count(text => text.IsAlive), 10_000, 40_960);
        Assert.Equal(0, _clicks.Count);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private List<WeakReference> PassThrough(int visitors)
    {
        var seen = new List<WeakReference>(2 * visitors);
        for (var visitor = 0; visitor < visitors; visitor++)
        {
            Assert.True(_decoder.TryDecode(
                Encoding.UTF8.GetBytes($"[\"visitor {visitor}\",0,\"/page/{visitor}\",\"\",\"\",\"\",\"\",\"\"]"),
                0,
                _clicks,
                out _));
            seen.Add(new WeakReference(_clicks.UserIds[0]));
            seen.Add(new WeakReference(_clicks.Urls[0]));
            _clicks.Clear();
        }

        return seen;
    }

    private string AgreesWithTheOracle(byte[]? message)
    {
        _clicks.Clear();
        var (click, reason) = WireOracle.Judge(message);

        var decoded = _decoder.TryDecode(message, 11, _clicks, out var fault);

        Assert.True(
            decoded == click is not null,
            $"Expected {reason?.Name() ?? "a click"}, got {(decoded ? "a click" : fault.Error)}: {Show(message)}");
        if (decoded)
        {
            Assert.Equal(11, Assert.Single(_clicks.Offsets));
            Assert.Equal(click, _clicks[0]);
            return "click";
        }

        Assert.Equal(0, _clicks.Count);
        Assert.True(
            fault.Reason == reason,
            $"Expected {reason?.Name()}, got {fault.Reason.Name()} ({fault.Error}): {Show(message)}");
        Assert.InRange(fault.Error.Length, 10, 1500);
        Assert.True(ClickDecoderTests.IsStorable(fault.Error));
        return fault.Reason.Name();
    }

    private static bool AreEqual(IEnumerable<byte[]?> left, IEnumerable<byte[]?> right) =>
        left.Zip(right).All(pair => pair.First is null == pair.Second is null && pair.First.AsSpan().SequenceEqual(pair.Second));

    private static string Show(byte[]? message) =>
        message is null
            ? "null"
            : $"{Encoding.UTF8.GetString(message.AsSpan(0, Math.Min(message.Length, 3000)))} "
                + $"({Convert.ToHexString(message.AsSpan(0, Math.Min(message.Length, 500)))})";
}
