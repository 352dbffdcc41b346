using System.Text;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.Tests.Wire;

public sealed class ClickDecoderTests
{
    private const string Valid =
        """{"user_id":"u1","timestamp":"2024-05-06T"""
            + """07:08:09Z","url":"/a","country":"DE","city":"Köln","browser":"Firefox","os":"Linux","device":"PC"}""";

    private const string ValidArray = """["u1","2024-05-06T07:08:09Z","/a","DE","Köln","Firefox","Linux","PC"]""";

    private static readonly Click Expected =
        new("u1", new DateTime(2024, 5, 6, 7, 8, 9, DateTimeKind.Utc), "/a", "DE", "Köln", "Firefox", "Linux", "PC");

    private readonly ClickDecoder _decoder = new();
    private readonly ClickColumns _clicks = new();

    [Fact]
    public void An_object_with_the_eight_names_is_a_click()
    {
        Assert.Equal(Expected, Decode(Valid));
        Assert.Equal(7, Assert.Single(_clicks.Offsets));
        Assert.Equal(DateTimeKind.Utc, _clicks.Timestamps[0].Kind);
    }

    [Fact]
    public void An_array_of_exactly_the_eight_in_order_is_a_click() => Assert.Equal(Expected, Decode(ValidArray));

    [Theory]
    [InlineData("\uFEFF" + Valid)]
    [InlineData("\uFEFF" + ValidArray)]
    [InlineData(" \t\r\n" + Valid + " \t\r\n")]
    public void A_byte_order_mark_and_white_space_are_skipped(string message) => Assert.Equal(Expected, Decode(message));

    [Fact]
    public void The_order_of_members_says_nothing()
    {
        var message =
            """{"device":"PC","os":"Linux","browser":"Firefox","city":"Köln","country":"DE","url":"/a","timestamp":"""
            + """1714979289000,"user_id":"u1"}""";

        Assert.Equal(Expected, Decode(message));
    }

    [Theory]
    [InlineData("""{"x":1,""")]
    [InlineData("""{"URL":"/b","Url":null,"url ":7,""")]
    [InlineData("""{"":{"url":"/b","city":[]},"referrer":[[],{"url":null}],""")]
    [InlineData("""{"\ud800":"lone","\udc00\ud800url":"\ud800 in an unknown member is of no interest","\u0000":"\u0000",""")]
    public void Unknown_members_are_ignored(string head) => Assert.Equal(Expected, Decode(head + Valid[1..]));

    [Theory]
    [InlineData("\"3f2504e0-4f89-41d3-9a0c-0305e82c3301\"")]
    [InlineData("\"3F2504E0-4F89-41D3-9A0C-0305E82C3301\"")]
    [InlineData("\"\\u0033f2504e0-4f89-41d3-9a0c-0305e82c3301\"")]
    [InlineData("\"x\",\"event_id\":\"3f2504e0-4f89-41d3-9a0c-0305e82c3301\"")]
    public void An_event_id_is_a_UUID(string id)
    {
        var click = Decode("{\"event_id\":" + id + "," + Valid[1..]);

        Assert.Equal(Expected with { EventId = new Guid("3f2504e0-4f89-41d3-9a0c-0305e82c3301") }, click);
        Assert.Equal(0, _clicks.UnusableEventIds);
    }

    [Theory]
    [InlineData("null", 0)]
    [InlineData("\"\"", 1)]
    [InlineData("\"3f2504e04f8941d39a0c0305e82c3301\"", 1)]
    [InlineData("\"{3f2504e0-4f89-41d3-9a0c-0305e82c3301}\"", 1)]
    [InlineData("\"3f2504e0-4f89-41d3-9a0c-0305e82c330g\"", 1)]
    [InlineData("\"3f2504e0-4f89-41d3-9a0c-0305e82c33011\"", 1)]
    [InlineData("\"00000000-0000-0000-0000-000000000000\"", 1)]
    [InlineData("\"\\ud800f2504e0-4f89-41d3-9a0c-0305e82c3301\"", 1)]
    [InlineData("7", 1)]
    [InlineData("[\"3f2504e0-4f89-41d3-9a0c-0305e82c3301\"]", 1)]
    public void What_is_no_UUID_is_a_click_without_event_id_and_counted(string id, int counted)
    {
        Assert.Equal(Expected, Decode("{\"event_id\":" + id + "," + Valid[1..]));
        Assert.Equal(counted, _clicks.UnusableEventIds);
    }

    [Fact]
    public void Clicks_with_and_without_event_id_keep_their_rows()
    {
        const string Id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
        Decode(Valid);
        Assert.Empty(_clicks.EventIds);
        Decode(ValidArray);
        Decode("{\"event_id\":\"" + Id + "\"," + Valid[1..]);
        Decode(Valid);

        Assert.Equal([null, null, new Guid(Id), null], _clicks.EventIds);
        _clicks.Clear();
        Assert.Empty(_clicks.EventIds);
    }

    [Fact]
    public void A_visitor_is_the_keyed_hash_of_the_user_id()
    {
        var key = new VisitorKey(1, 2);
        _clicks.Key = key;
        var escaped = Valid.Replace("u1", "\\u0075\\u0031", StringComparison.Ordinal);

        Decode(Valid);
        Decode(escaped);

        Assert.Equal([key.Hash("u1"), key.Hash("u1")], _clicks.Visitors);
    }

    [Fact]
    public void Nesting_of_100_000_levels_in_an_unknown_member_is_legal()
    {
        var arrays = new string('[', 100_000) + new string(']', 100_000);
        var objects = string.Concat(Enumerable.Repeat("""{"a":""", 100_000)) + "1" + new string('}', 100_000);

        Assert.Equal(Expected, Decode($$"""{"deep":{{arrays}},{{Valid[1..]}}"""));
        Assert.Equal(Expected, Decode($$"""{"deep":{{objects}},{{Valid[1..]}}"""));
    }

    [Fact]
    public void Nesting_that_is_not_closed_is_malformed() =>
        Refused(DeadLetterReason.MalformedJson, """{"deep":""" + new string('[', 100_000) + Valid[1..]);

    [Theory]
    [InlineData("""{"url":"/b",""", "")]
    [InlineData("""{"url":null,""", "")]
    [InlineData("""{"url":{"url":[]},"city":"\ud800","timestamp":"never",""", "")]
    [InlineData("{", ""","url":"/b","url":"/a"}""")]
    public void Of_a_repeated_name_the_last_counts(string head, string tail) =>
        Assert.Equal(Expected, Decode(head + Valid[1..^1] + (tail.Length == 0 ? "}" : tail)));

    [Fact]
    public void A_bad_value_behind_a_good_one_is_bad() =>
        Refused(DeadLetterReason.WrongType, Valid[..^1] + ""","city":7}""", "city");

    [Fact]
    public void Names_may_be_escaped()
    {
        var message = Valid.Replace("\"url\"", "\"\\u0075r\\u006C\"").Replace("\"timestamp\"", "\"\\u0074imestam\\u0070\"");

        Assert.Equal(Expected, Decode(message));
    }

    [Fact]
    public void Values_may_be_escaped()
    {
        var message = Valid
            .Replace("\"/a\"", "\"\\/a\\b\\f\\n\\r\\t\\\"\\\\\\u00e9\\u20AC\\uD83D\\uDE00!\"")
            .Replace("2024-", "\\u00320\\u00324-");

        Assert.Equal(Expected with { Url = "/a\b\f\n\r\t\"\\é€\U0001F600!" }, Decode(message));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public void Nothing_is_empty(string message) => Refused(DeadLetterReason.Empty, message);

    [Theory]
    [InlineData(" ")]
    [InlineData("\uFEFF\uFEFF" + Valid)]
    [InlineData("\uFEFF\n")]
    [InlineData("{")]
    [InlineData("nul")]
    [InlineData("NaN")]
    [InlineData("hello")]
    [InlineData("\0")]
    [InlineData("1 2")]
    [InlineData(Valid + Valid)]
    [InlineData(Valid + "\n" + Valid)]
    [InlineData(Valid + "x")]
    [InlineData(Valid + "\0")]
    [InlineData(ValidArray + ",")]
    [InlineData("[1,2] 3")]
    [InlineData("/* a comment */" + Valid)]
    [InlineData("""{"user_id":"u1",}""")]
    [InlineData("""["u1",]""")]
    [InlineData("""{user_id:"u1"}""")]
    [InlineData("""{'user_id':'u1'}""")]
    [InlineData("""{"a":"\x41"}""")]
    [InlineData("""{"a":"\u00g0"}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":+1}""")]
    [InlineData("""{"a":1.}""")]
    [InlineData("""{"a":.5}""")]
    [InlineData("""{"a":1e}""")]
    [InlineData("{\"a\":\"raw\u0000nul\"}")]
    [InlineData("{\"a\":\"raw\nnewline\"}")]
    public void What_is_not_one_JSON_value_is_malformed(string message) => Refused(DeadLetterReason.MalformedJson, message);

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    public void Bytes_that_are_not_UTF_8_are_malformed_wherever_they_stand(byte[] broken)
    {
        byte[] inAField = [.. Encoding.UTF8.GetBytes(Valid[..^2]), .. broken, .. "\"}"u8];
        byte[] inAnUnknownMember =
            [.. Encoding.UTF8.GetBytes("""{"x":" """), .. broken, .. Encoding.UTF8.GetBytes("\"," + Valid[1..])];

        Assert.Contains(
            $"byte {Encoding.UTF8.GetByteCount(Valid[..^2]) + 1}.",
            Refused(DeadLetterReason.MalformedJson, inAField));
        Refused(DeadLetterReason.MalformedJson, inAnUnknownMember);
        Refused(DeadLetterReason.MalformedJson, broken);
    }

    [Theory]
    [InlineData("1", "A number")]
    [InlineData("\"text\"", "A string")]
    [InlineData("null", "null")]
    [InlineData("true", "A truth value")]
    [InlineData("\uFEFFfalse", "A truth value")]
    [InlineData("[]", "0 elements")]
    [InlineData("""["u1","2024-05-06T07:08:09Z","/a","DE","Köln","Firefox","Linux"]""", "7 elements")]
    [InlineData("""["u1","2024-05-06T07:08:09Z","/a","DE","Köln","Firefox","Linux","PC",null]""", "9 elements")]
    [InlineData("[" + Valid + "]", "1 elements")]
    public void Neither_an_object_nor_an_array_of_eight_has_the_wrong_shape(string message, string error) =>
        Assert.Contains(error, Refused(DeadLetterReason.WrongShape, message));

    [Theory]
    [InlineData("user_id")]
    [InlineData("timestamp")]
    [InlineData("url")]
    [InlineData("country")]
    [InlineData("city")]
    [InlineData("browser")]
    [InlineData("os")]
    [InlineData("device")]
    public void Each_of_the_eight_is_required(string name)
    {
        Refused(DeadLetterReason.MissingField, Valid.Replace($"\"{name}\"", $"\"{name}_\""), name + " is absent");
        Refused(
            DeadLetterReason.MissingField, Valid.Replace($"\"{name}\"", $"\"{name.ToUpperInvariant()}\""), name + " is absent");
        Refused(DeadLetterReason.MissingField, Valid[..^1] + $",\"{name}\":null}}", name + " is null");
        Refused(DeadLetterReason.WrongType, Valid[..^1] + $",\"{name}\":true}}", name, "true");
        Refused(DeadLetterReason.WrongType, Valid[..^1] + $$""","{{name}}":{"a":[1]} }""", name, """{"a":[1]}""");
        Refused(DeadLetterReason.WrongType, Valid[..^1] + $",\"{name}\":[[]]}}", name, "[[]]");
    }

    [Fact]
    public void Only_user_id_and_url_must_not_be_empty()
    {
        Refused(DeadLetterReason.MissingField, Valid.Replace("\"u1\"", "\"\""), "user_id is empty");
        Refused(DeadLetterReason.MissingField, Valid.Replace("\"/a\"", "\"\""), "url is empty");
        Refused(DeadLetterReason.BadTimestamp, Valid.Replace("2024-05-06T07:08:09Z", ""), "timestamp");

        var click = Decode("""{"user_id":" ","timestamp":0,"url":" ","country":"","city":"","browser":"","os":"","device":""}""");

        Assert.Equal(new Click(" ", DateTime.UnixEpoch, " ", "", "", "", "", ""), click);
    }

    [Theory]
    [InlineData("[null,0,\"/\",\"\",\"\",\"\",\"\",\"\"]", DeadLetterReason.MissingField)]
    [InlineData("[\"u\",null,\"/\",\"\",\"\",\"\",\"\",\"\"]", DeadLetterReason.MissingField)]
    [InlineData("[\"\",0,\"/\",\"\",\"\",\"\",\"\",\"\"]", DeadLetterReason.MissingField)]
    [InlineData("[1,0,\"/\",\"\",\"\",\"\",\"\",\"\"]", DeadLetterReason.WrongType)]
    [InlineData("[\"u\",0,\"/\",\"\",\"\",\"\",\"\",{}]", DeadLetterReason.WrongType)]
    [InlineData("[\"u\",0.5,\"/\",\"\",\"\",\"\",\"\",\"\"]", DeadLetterReason.BadTimestamp)]
    [InlineData("[\"u\",0,\"/\",\"\",\"\",\"\",\"\",\"\\u0000\"]", DeadLetterReason.UnstorableText)]
    public void Elements_are_judged_like_members(string message, DeadLetterReason reason) => Refused(reason, message);

    [Theory]
    [InlineData("user_id", 128)]
    [InlineData("url", 2048)]
    [InlineData("country", 128)]
    [InlineData("city", 128)]
    [InlineData("browser", 512)]
    [InlineData("os", 128)]
    [InlineData("device", 128)]
    public void A_text_has_a_limit_in_UTF_8_bytes_of_the_unescaped_text(string name, int limit)
    {
        string With(string value) => Valid[..^1] + $",\"{name}\":\"{value}\"}}";

        Assert.NotNull(Decode(With(new string('a', limit))));
        Assert.NotNull(Decode(With(string.Concat(Enumerable.Repeat("\\u0061", limit)))));
        Assert.NotNull(Decode(With(string.Concat(Enumerable.Repeat("\U0001F600", limit / 4)))));
        Assert.NotNull(Decode(With(string.Concat(Enumerable.Repeat("\\uD83D\\uDE00", limit / 4)))));
        Assert.NotNull(Decode(With(string.Concat(Enumerable.Repeat("é", limit / 2)))));
        Refused(DeadLetterReason.TooLong, With(new string('a', limit + 1)), name, $"{limit + 1} bytes");
        Refused(DeadLetterReason.TooLong, With(string.Concat(Enumerable.Repeat("\\u0061", limit + 1))), $"{limit + 1} bytes");
        Refused(DeadLetterReason.TooLong, With(string.Concat(Enumerable.Repeat("é", (limit / 2) + 1))), $"{limit + 2} bytes");
        Refused(
            DeadLetterReason.TooLong,
            With(string.Concat(Enumerable.Repeat("\\uD83D\\uDE00", (limit / 4) + 1))),
            $"{limit + 4} bytes");
    }

    [Fact]
    public void A_lone_surrogate_counts_as_three_bytes()
    {
        Refused(DeadLetterReason.UnstorableText, Valid.Replace("PC", string.Concat(Enumerable.Repeat("\\ud800", 42)) + "aa"));
        Refused(
            DeadLetterReason.TooLong, Valid.Replace("PC", string.Concat(Enumerable.Repeat("\\udfff", 42)) + "aaa"), "129 bytes");
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("a\\u0000b")]
    [InlineData("\\ud800")]
    [InlineData("\\udfff")]
    [InlineData("\\ude00\\ud83d")]
    [InlineData("\\ud83d\\ud83d\\ude00")]
    [InlineData("\\ud83d\\u0041")]
    [InlineData("\\ud83d😀")]
    [InlineData("\\ud83d\\n\\ude00")]
    public void What_no_store_keeps_is_unstorable(string value)
    {
        foreach (var name in new[] { "user_id", "url", "country", "city", "browser", "os", "device" })
        {
            Refused(DeadLetterReason.UnstorableText, Valid[..^1] + $",\"{name}\":\"{value}\"}}", name, value);
        }
    }

    [Fact]
    public void An_unstorable_timestamp_is_a_bad_one() =>
        Refused(DeadLetterReason.BadTimestamp, Valid.Replace("09Z", "09Z\\u0000"), "timestamp");

    [Theory]
    [InlineData("""{"url":"","city":1,"os":"","timestamp":"x"}""", DeadLetterReason.MissingField)]
    [InlineData("""["u",false,"TOOLONG","","\u0000","","",""]""", DeadLetterReason.WrongType)]
    [InlineData("""["u","x","TOOLONG","","\u0000","","",""]""", DeadLetterReason.TooLong)]
    [InlineData("""["u\u0000","x","/","","","","",""]""", DeadLetterReason.BadTimestamp)]
    [InlineData("""["u",0,"/","","\u0000","","",""]""", DeadLetterReason.UnstorableText)]
    public void Of_several_faults_the_first_in_the_order_of_the_reasons_is_named(string message, DeadLetterReason reason) =>
        Refused(reason, message.Replace("TOOLONG", new string('a', 3000)));

    [Fact]
    public void All_fields_with_the_fault_are_named()
    {
        var error = Refused(
            DeadLetterReason.MissingField, """{"user_id":"","url":null,"country":1,"city":"","browser":"","os":""}""");

        Assert.Equal("user_id is empty; timestamp is absent; url is null; device is absent.", error);
    }

    [Fact]
    public void An_error_is_short_whatever_the_message()
    {
        var huge = new string('€', 400_000);
        var error = Refused(
            DeadLetterReason.TooLong, $"[\"{huge}\",0,\"{huge}\",\"{huge}\",\"{huge}\",\"{huge}\",\"{huge}\",\"{huge}\"]");

        Assert.InRange(error.Length, 100, 1500);
    }

    [Fact]
    public void A_quote_ends_between_characters()
    {
        var error = Refused(
            DeadLetterReason.TooLong, Valid.Replace("PC", "a" + string.Concat(Enumerable.Repeat("\U0001F600", 100))));

        Assert.Equal(-1, error.IndexOf('\uFFFD'));
        Assert.True(IsStorable(error));
    }

    [Fact]
    public void A_refused_message_adds_nothing_and_leaves_the_decoder_fit_for_the_next()
    {
        Decode(Valid);
        Refused(DeadLetterReason.WrongType, Valid[..^1] + ""","device":7}""");
        Refused(DeadLetterReason.MalformedJson, Valid[..^1]);

        Assert.Equal(Expected, Decode(Valid));
        Assert.Equal(2, _clicks.Count);
        Assert.Equal(2, _clicks.Devices.Count);
    }

    [Fact]
    public void A_click_whose_texts_were_seen_before_costs_no_memory()
    {
        var message = Encoding.UTF8.GetBytes(Valid);
        Assert.True(_decoder.TryDecode(message, 0, _clicks, out _));
        _clicks.Clear();
        for (var round = 0; round < 100; round++)
        {
            _decoder.TryDecode(message, round, _clicks, out _);
        }

        _clicks.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            _decoder.TryDecode(message, round, _clicks, out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.All(_clicks.Cities, city => Assert.Same(_clicks.Cities[0], city));
    }

    internal static bool IsStorable(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index++;
            }
            else if (text[index] == 0 || char.IsSurrogate(text[index]))
            {
                return false;
            }
        }

        return true;
    }

    private Click Decode(string message)
    {
        Assert.True(_decoder.TryDecode(Encoding.UTF8.GetBytes(message), 7, _clicks, out var fault), fault.Error);
        return _clicks[_clicks.Count - 1];
    }

    private string Refused(DeadLetterReason reason, string message, params string[] parts) =>
        Refused(reason, Encoding.UTF8.GetBytes(message), parts);

    private string Refused(DeadLetterReason reason, byte[] message, params string[] parts)
    {
        var count = _clicks.Count;

        Assert.False(_decoder.TryDecode(message, 7, _clicks, out var fault));
        Assert.Equal(count, _clicks.Count);
        Assert.Equal(reason, fault.Reason);
        Assert.True(IsStorable(fault.Error));
        Assert.InRange(fault.Error.Length, 5, 1500);
        Assert.All(parts, part => Assert.Contains(part, fault.Error));
        return fault.Error;
    }
}
