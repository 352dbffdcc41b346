using System.CommandLine;
using System.Text;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Silo.Hosting;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>dead-letters list|retry|discard</c>.</summary>
internal sealed class DeadLettersCommand : Command
{
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _reason = new("--reason") { Description = "Only with this reason.", HelpName = "REASON" };
    private readonly Option<int?> _partition = new("--partition") { Description = "Only of this partition.", HelpName = "P" };
    private readonly Option<string?> _id = new("--id")
    {
        Description = "Only this one: log/partition/offset, as listed.",
        HelpName = "ID",
    };

    private readonly Option<bool> _all = new("--all") { Description = "All of them." };
    private readonly Option<int> _limit = new("--limit")
    {
        Description = "List at most so many.",
        DefaultValueFactory = _ => 100,
        HelpName = "N",
    };


    public DeadLettersCommand()
        : base("dead-letters", "List, retry or discard messages that could not become clicks.")
    {
        var list = new Command("list", "List them: id, time, reason, error, payload.") { _data, _reason, _partition, _limit };
        list.SetAction((parsed, _) => RunAsync(parsed, (deadLetters, token) => ListAsync(deadLetters, parsed, token)));
        var retry = new Command("retry", "Decode and store them again; what is still no click stays.")
        {
            _data, _reason, _partition, _id, _all,
        };
        retry.SetAction((parsed, _) => RunAsync(parsed, (deadLetters, token) =>
            ActAsync(parsed, "stored", deadLetters.RetryAsync, deadLetters.RetryAsync, token)));
        var discard = new Command("discard", "Discard them: the payload is removed, the offset stays accounted for.")
        {
            _data, _reason, _partition, _id, _all,
        };
        discard.SetAction((parsed, _) => RunAsync(parsed, (deadLetters, token) =>
            ActAsync(parsed, "discarded", deadLetters.DiscardAsync, deadLetters.DiscardAsync, token)));
        Subcommands.Add(list);
        Subcommands.Add(retry);
        Subcommands.Add(discard);
    }

    private static string Excerpt(byte[]? payload)
    {
        const int Length = 80;
        if (payload is null)
        {
            return "(null)";
        }

        var text = Encoding.UTF8.GetString(payload.AsSpan(0, Math.Min(payload.Length, Length)));
        var printable = string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
        return payload.Length > Length ? $"{printable}... ({payload.Length:N0} bytes)" : printable;
    }

    private Task<int> RunAsync(ParseResult parsed, Func<DeadLetterService, CancellationToken, Task<int>> work) =>
        CommandLine.GuardAsync(token => ToolHost.RunAsync(parsed.GetValue(_data), async services =>
        {
            await services.GetRequiredService<IStoreSchema>().ApplyAsync(token);
            return await work(services.GetRequiredService<DeadLetterService>(), token);
        }));

    private async Task<int> ListAsync(DeadLetterService deadLetters, ParseResult parsed, CancellationToken cancellationToken)
    {
        var filter = Filter(parsed) with { Limit = parsed.GetValue(_limit) };
        if (filter.Limit is < 1 or > 10_000)
        {
            throw new StartupException(ValidationError.NotAllowed("--limit", filter.Limit, "1 to 10000").Message);
        }

        foreach (var letter in await deadLetters.ListAsync(filter, cancellationToken))
        {
            var what = $"{letter.Reason.Name()}  {letter.Error}  {Excerpt(letter.Payload)}";
            Console.WriteLine($"{letter.Id}  {letter.At:yyyy-MM-ddTHH:mm:ssZ}  {what}");
        }

        return CommandLine.Done;
    }

    private async Task<int> ActAsync(
        ParseResult parsed,
        string done,
        Func<DeadLetterFilter, CancellationToken, Task<DeadLetterTally>> many,
        Func<DeadLetterId, CancellationToken, Task<DeadLetterTally>> one,
        CancellationToken cancellationToken)
    {
        DeadLetterTally tally;
        if (parsed.GetValue(_id) is { } text)
        {
            tally = DeadLetterId.TryParse(text, out var id)
                ? await one(id, cancellationToken)
                : throw new StartupException(
                    ValidationError.NotAllowed("--id", text, "ids as listed: log/partition/offset").Message);
        }
        else
        {
            var filter = Filter(parsed);
            tally = filter is { Reason: null, Partition: null } && !parsed.GetValue(_all)
                ? throw new StartupException("Say which: --id, --reason, --partition, or --all.")
                : await many(filter, cancellationToken);
        }

        Console.WriteLine($"{tally.Done} {done}, {tally.Unchanged} unchanged, {tally.Gone} not there");
        return CommandLine.Done;
    }

    private DeadLetterFilter Filter(ParseResult parsed)
    {
        var reason = parsed.GetValue(_reason);
        try
        {
            return new DeadLetterFilter(reason is null ? null : DeadLetterReasons.Parse(reason), parsed.GetValue(_partition));
        }
        catch (ArgumentException)
        {
            throw new StartupException(ValidationError.NotAllowed("--reason", reason, DeadLetterReasons.Allowed).Message);
        }
    }
}
