using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;

namespace ClickOrleans.Pipeline.Consuming;

/// <summary>
/// What may be stored for a dead letter that the store refuses: it must not stop its partition, whatever the store has against
/// it. Its message is in the log as long as retention lets it.
/// </summary>
internal static class RefusedLetter
{
    /// <summary>The dead letter itself, then what <see cref="Plainer"/> makes of it.</summary>
    public static IEnumerable<DeadLetter> WithPlainer(DeadLetter letter, RejectedByStoreException rejection) =>
        [letter, .. Plainer(letter, rejection)];

    /// <summary>First with its error in ASCII, then without key and payload, and with an error that says so.</summary>
    public static IEnumerable<DeadLetter> Plainer(DeadLetter letter, RejectedByStoreException rejection) =>
    [
        letter with { Error = StorableText.Ascii(letter.Error) },
        letter with
        {
            Key = null,
            Payload = null,
            Error = StorableText.Ascii($"Stored without key and payload, which the store refused: {rejection.Message}"),
        },
    ];
}
