namespace ClickOrleans.Pipeline.DeadLetters;

/// <summary>The names under which reasons are stored and shown.</summary>
public static class DeadLetterReasons
{
    private static readonly string[] Names =
    [
        "empty", "malformed_json", "wrong_shape", "missing_field", "wrong_type",
        "too_long", "bad_timestamp", "unstorable_text", "rejected_by_store",
    ];

    /// <summary>What is allowed as a name, for messages.</summary>
    public static string Allowed { get; } = string.Join(", ", Names);

    public static string Name(this DeadLetterReason reason) => Names[(int)reason];

    /// <exception cref="ArgumentException"><paramref name="name"/> is no reason's name.</exception>
    public static DeadLetterReason Parse(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index >= 0
            ? (DeadLetterReason)index
            : throw new ArgumentException($"'{name}' is no dead letter reason; the reasons are {Allowed}.", nameof(name));
    }
}
