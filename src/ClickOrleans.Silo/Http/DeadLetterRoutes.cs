using System.Text;
using ClickOrleans.Pipeline.Control;
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

    private delegate Task<DeadLetterTally> One(DeadLetterId id, CancellationToken cancellationToken);

    public static void MapDeadLetters(this RouteGroupBuilder api)
    {
        const string Id = "{log}/{partition:int}/{offset:long}";
        var group = api.MapGroup("/dead-letters");
        group.MapRead("", ListAsync);
        group.MapPost("retry", (string? reason, int? partition, bool? all, DeadLetterService letters, CancellationToken token) =>
            ManyAsync(reason, partition, all, letters.RetryAsync, token));
        group.MapDelete("", (string? reason, int? partition, bool? all, DeadLetterService letters, CancellationToken token) =>
            ManyAsync(reason, partition, all, letters.DiscardAsync, token));
        const string Retry = $"{Id}/retry";
        group.MapPost(Retry, (short log, int partition, long offset, DeadLetterService letters, CancellationToken token) =>
            OneAsync(new DeadLetterId(log, partition, offset), letters.RetryAsync, token));
        group.MapDelete(Id, (short log, int partition, long offset, DeadLetterService letters, CancellationToken token) =>
            OneAsync(new DeadLetterId(log, partition, offset), letters.DiscardAsync, token));
    }

    private static async Task<IResult> ListAsync(
        string? reason, int? partition, string? after, int? limit, DeadLetterService letters, CancellationToken cancellationToken)
    {
        var errors = new List<ValidationError>();
        var filter = new DeadLetterFilter(Reason(reason, errors), partition, After(after, errors), limit ?? 100);
        if (filter.Limit is < 1 or > MaxLimit)
        {
            errors.Add(ValidationError.NotAllowed("limit", limit, $"1 to {MaxLimit}"));
        }

        return errors.Count > 0
            ? ValidationProblem.Of(errors)
            : Results.Ok((await letters.ListAsync(filter, cancellationToken)).Select(ShownDeadLetter.Of));
    }

    private static async Task<IResult> ManyAsync(
        string? reason, int? partition, bool? all, Many act, CancellationToken cancellationToken)
    {
        var errors = new List<ValidationError>();
        var filter = new DeadLetterFilter(Reason(reason, errors), partition);
        if (filter is { Reason: null, Partition: null } && all != true && errors.Count == 0)
        {
            errors.Add(ValidationError.NotAllowed("all", all, "true, where neither reason nor partition is given"));
        }

        return errors.Count > 0 ? ValidationProblem.Of(errors) : Results.Ok(await act(filter, cancellationToken));
    }

    private static async Task<IResult> OneAsync(DeadLetterId id, One act, CancellationToken cancellationToken)
    {
        var tally = await act(id, cancellationToken);
        return tally.Gone > 0
            ? Results.Problem("There is no such dead letter.", statusCode: StatusCodes.Status404NotFound)
            : Results.Ok(tally);
    }

    private static DeadLetterReason? Reason(string? name, List<ValidationError> errors)
    {
        try
        {
            return name is null ? null : DeadLetterReasons.Parse(name);
        }
        catch (ArgumentException)
        {
            errors.Add(ValidationError.NotAllowed("reason", name, DeadLetterReasons.Allowed));
            return null;
        }
    }

    private static DeadLetterId? After(string? text, List<ValidationError> errors)
    {
        if (text is null)
        {
            return null;
        }

        if (DeadLetterId.TryParse(text, out var id))
        {
            return id;
        }

        errors.Add(ValidationError.NotAllowed("after", text, "ids as listed: log/partition/offset"));
        return null;
    }
}

/// <summary>A dead letter as it is shown: payload as text, and as base64 where it is none.</summary>
internal sealed record ShownDeadLetter(
    string Id,
    int Partition,
    long Offset,
    string Reason,
    string Error,
    DateTime At,
    string? Key,
    string? Payload,
    byte[]? PayloadBytes)
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
