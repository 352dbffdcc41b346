using System.CommandLine;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Control;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Producing;
using ClickOrleans.Pipeline.Telemetry;
using ClickOrleans.Pipeline.Wire;
using ClickOrleans.Silo.Hosting;
using ClickOrleans.Silo.Terminal;

namespace ClickOrleans.Silo.Commands;

/// <summary><c>produce</c>: appends fake clicks, or the lines of a file as they are.</summary>
internal sealed class ProduceCommand : Command
{
    private const int Chunk = 5_000;
    private const long ChunkBytes = 4 * 1024 * 1024;
    private const int Repeats = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<long?> _count = new("--count") { Description = "Append so many fake clicks.", HelpName = "N" };
    private readonly Option<string?> _file = new("--file")
    {
        Description = "Append each line of the file as one message, as it is; - = standard input.",
        HelpName = "F",
    };

    public ProduceCommand()
        : base("produce", "Append messages to the log and end.")
    {
        Options.Add(_data);
        Options.Add(_count);
        Options.Add(_file);
        SetAction((parsed, _) => CommandLine.GuardAsync(token =>
            RunAsync(parsed.GetValue(_data), parsed.GetValue(_count), parsed.GetValue(_file), token)));
    }

    private static Task<int> RunAsync(string? data, long? count, string? file, CancellationToken cancellationToken)
    {
        if (count is null == file is null)
        {
            throw new StartupException("Say what to produce: either --count N or --file F.");
        }

        if (count < 0)
        {
            throw new StartupException(ValidationError.NotAllowed("--count", count, "0 and up").Message);
        }

        return ToolHost.RunAsync(data, services => AppendAsync(services, count, file, cancellationToken));
    }

    private static async Task<int> AppendAsync(
        IServiceProvider services, long? count, string? file, CancellationToken cancellationToken)
    {
        var log = services.GetRequiredService<IClickLog>();
        await log.OpenAsync(cancellationToken);
        using var input = file is null ? null : MessageFile.Open(file);
        var messages = input is null ? Fakes(services, count!.Value) : input.Read(log.LargestValue);
        long? total = input is null ? count : null;
        var (acknowledged, noClicks) = (0L, 0L);
        try
        {
            await RowProgress.ShowAsync("appended", total, async report =>
            {
                foreach (var chunk in Chunks(messages))
                {
                    var before = acknowledged;
                    try
                    {
                        await AppendAsync(log, chunk, Acknowledged, cancellationToken);
                        noClicks += chunk.Count(message => !message.IsClick);
                    }
                    catch (LogAppendException exception)
                    {
                        throw Named(exception, file, before);
                    }

                    report(acknowledged);
                }
            });
        }
        finally
        {
            Console.WriteLine($"{acknowledged:N0} messages appended to {log.Description}{Remark(noClicks)}");
        }

        return CommandLine.Done;

        void Acknowledged(int count)
        {
            acknowledged += count;
            ClickMetrics.Produced.Add(count);
        }
    }

    /// <summary>
    /// Appends a chunk. One that was not acknowledged may be in the log all the same: where every message has an event id, by
    /// which the repeat is recognised, it is sent again a few times.
    /// </summary>
    private static async Task AppendAsync(
        IClickLog log, List<ProducedMessage> chunk, Action<int> acknowledged, CancellationToken cancellationToken)
    {
        var messages = chunk.ConvertAll(message => message.Message);
        var (done, left) = (0, chunk.TrueForAll(message => message.HasEventId) ? Repeats : 0);
        while (true)
        {
            try
            {
                await log.AppendAsync(messages, cancellationToken);
                acknowledged(chunk.Count - done);
                return;
            }
            catch (LogAppendException exception)
            {
                var more = Math.Max(0, chunk.Count - exception.Failed - done);
                acknowledged(more);
                done += more;
                if (left-- == 0)
                {
                    throw;
                }
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Of a file each line is a message.</summary>
    /// <param name="before">How many messages were appended before those of the failed append.</param>
    internal static Exception Named(LogAppendException exception, string? file, long before) =>
        file is not null && exception.First is { } first
            ? new StartupException(
                $"{file}: line {before + first + 1} is the first that was not acknowledged; {exception.Message}", exception)
            : exception;

    private static string Remark(long noClicks) =>
        noClicks == 0 ? "" : $"; {noClicks:N0} of them are no clicks and will be dead letters";

    private static IEnumerable<ProducedMessage> Fakes(IServiceProvider services, long count)
    {
        var source = services.GetRequiredService<Func<int, IClickSource>>()(0);
        for (var made = 0L; made < count; made++)
        {
            var click = source.Next() with { EventId = Guid.NewGuid() };
            yield return new(
                new LogMessage(System.Text.Encoding.UTF8.GetBytes(click.UserId), ClickEncoder.Encode(click)),
                IsClick: true,
                HasEventId: true);
        }
    }

    private static IEnumerable<List<ProducedMessage>> Chunks(IEnumerable<ProducedMessage> messages)
    {
        var chunk = new List<ProducedMessage>(Chunk);
        var bytes = 0L;
        foreach (var message in messages)
        {
            chunk.Add(message);
            bytes += message.Message.Value.Length;
            if (chunk.Count >= Chunk || bytes >= ChunkBytes)
            {
                yield return chunk;
                chunk = new List<ProducedMessage>(Chunk);
                bytes = 0;
            }
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }
}
