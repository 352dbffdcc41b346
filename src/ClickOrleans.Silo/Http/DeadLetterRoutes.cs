using System.Text;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Silo.Http;

/// <summary>
/// <c>GET</c> lists, <c>POST .../retry</c> retries and <c>DELETE</c> discards: one (<c>/{log}/{partition}/{offset}</c>), those
/// of a <c>reason</c> or <c>partition</c>, or, with <c>all=true</c>, all.
/// </summary>
internal static class DeadLetterRoutes
{
    private const int MaxLimit = 10_000;

    private delegate Task<DeadLetterTally> Many(DeadLetterFilter filter, CancellationToken cancellationToken);

    public static void MapDeadLetters(this RouteGroupBuilder api)
    {
        var letters = api.MapGroup("/dead-letters");
        letters.MapGet("", ListAsync);
        letters.MapPost("retry", (string? reason, int? partition, bool? all, DeadLetterService deadLetters, CancellationToken cancellationToken) =>
            ManyAsync(reason, partition, all, deadLetters.RetryAsync, cancellationToken));
        letters.MapDelete("", (string? reason, int? partition, bool? all, DeadLetterService deadLetters, CancellationToken cancellationToken) =>
            ManyAsync(reason, partition, all, deadLetters.DiscardAsync, cancellationToken));
        letters.MapPost("{log}/{partition:int}/{offset:long}/retry", (short log, int partition, long offset, DeadLetterService deadLetters, CancellationToken cancellationToken) =>
            OneAsync(deadLetters.RetryAsync(new DeadLetterId(log, partition, offset), cancellationToken)));
        letters.MapDelete("{log}/{partition:int}/{offset:long}", (short log, int partition, long offset, DeadLetterService deadLetters, CancellationToken cancellationToken) =>
            OneAsync(deadLetters.DiscardAsync(new DeadLetterId(log, partition, offset), cancellationToken)));
    }

    private static async Task<IResult> ListAsync(
        string? reason, int? partition, string? after, int? limit, DeadLetterService deadLetters, CancellationToken cancellationToken)
    {
        var faults = new Dictionary<string, string[]>();
        var filter = new DeadLetterFilter(Reason(reason, faults), partition, After(after, faults), limit ?? 100);
        if (filter.Limit is < 1 or > MaxLimit)
        {
            faults["limit"] = [$"limit is {limit}; allowed are 1 to {MaxLimit}."];
        }

        return faults.Count > 0
            ? Results.ValidationProblem(faults)
            : Results.Ok((await deadLetters.ListAsync(filter, cancellationToken)).Select(ShownDeadLetter.Of));
    }

    private static async Task<IResult> ManyAsync(string? reason, int? partition, bool? all, Many act, CancellationToken cancellationToken)
    {
        var faults = new Dictionary<string, string[]>();
        var filter = new DeadLetterFilter(Reason(reason, faults), partition);
        if (filter is { Reason: null, Partition: null } && all != true)
        {
            faults.TryAdd("all", ["Name a reason or a partition, or say all=true."]);
        }

        return faults.Count > 0 ? Results.ValidationProblem(faults) : Results.Ok(await act(filter, cancellationToken));
    }

    private static async Task<IResult> OneAsync(Task<DeadLetterTally> acting)
    {
        var tally = await acting;
        return tally.Gone > 0 ? Results.Problem("There is no such dead letter.", statusCode: StatusCodes.Status404NotFound) : Results.Ok(tally);
    }

    private static DeadLetterReason? Reason(string? name, Dictionary<string, string[]> faults)
    {
        try
        {
            return name is null ? null : DeadLetterReasons.Parse(name);
        }
        catch (ArgumentException fault)
        {
            faults["reason"] = [fault.Message];
            return null;
        }
    }

    private static DeadLetterId? After(string? text, Dictionary<string, string[]> faults)
    {
        if (text is null)
        {
            return null;
        }

        if (DeadLetterId.TryParse(text, out var id))
        {
            return id;
        }

        faults["after"] = [$"after is '{text}'; allowed is an id as listed: log/partition/offset."];
        return null;
    }
}

/// <summary>A dead letter as it is shown: payload as text, and as base64 where it is none.</summary>
internal sealed record ShownDeadLetter(
    string Id, int Partition, long Offset, string Reason, string Error, DateTime At, string? Key, string? Payload, byte[]? PayloadBytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ShownDeadLetter Of(StoredDeadLetter letter)
    {
        var payload = Text(letter.Payload);
        return new ShownDeadLetter(
            letter.Id.ToString(),
            letter.Id.Partition,
            letter.Id.Offset,
            letter.Reason.Name(),
            letter.Error,
            letter.At,
            Text(letter.Key),
            payload,
            payload is null ? letter.Payload : null);
    }

    private static string? Text(byte[]? bytes)
    {
        try
        {
            return bytes is null ? null : Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
