namespace ClickOrleans.Pipeline.Wire;

/// <summary>The eight fields, in the order of the array form, and the member that only the object form has.</summary>
internal enum ClickField
{
    UserId,
    Timestamp,
    Url,
    Country,
    City,
    Browser,
    Os,
    Device,
    EventId,
}

/// <summary>What the wire format says of each field.</summary>
internal static class ClickFields
{
    /// <summary>The fields that a click must have.</summary>
    public const int Count = 8;

    /// <summary>Those and the event id.</summary>
    public const int CountWithId = 9;

    /// <summary>No field's name has more bytes.</summary>
    public const int LongestName = 9;

    private static readonly string[] Names =
        ["user_id", "timestamp", "url", "country", "city", "browser", "os", "device", "event_id"];

    public static string Name(this ClickField field) => Names[(int)field];

    public static int Limit(this ClickField field) => field switch
    {
        ClickField.Url => ClickLimits.Url,
        ClickField.Browser => ClickLimits.Browser,
        _ => ClickLimits.OtherText,
    };

    /// <summary>True where an empty text counts as missing.</summary>
    public static bool MustNotBeEmpty(this ClickField field) => field is ClickField.UserId or ClickField.Url;

    /// <summary>The field with this name, exact case, or -1.</summary>
    public static int Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("os"u8) => (int)ClickField.Os,
        3 when name.SequenceEqual("url"u8) => (int)ClickField.Url,
        4 when name.SequenceEqual("city"u8) => (int)ClickField.City,
        6 when name.SequenceEqual("device"u8) => (int)ClickField.Device,
        7 when name.SequenceEqual("user_id"u8) => (int)ClickField.UserId,
        7 when name.SequenceEqual("country"u8) => (int)ClickField.Country,
        7 when name.SequenceEqual("browser"u8) => (int)ClickField.Browser,
        8 when name.SequenceEqual("event_id"u8) => (int)ClickField.EventId,
        9 when name.SequenceEqual("timestamp"u8) => (int)ClickField.Timestamp,
        _ => -1,
    };
}
