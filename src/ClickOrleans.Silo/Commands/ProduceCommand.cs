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
        using var input = file is null ? null : Open(file);
        var messages = input is null ? Fakes(services, count!.Value) : Lines(input);
        long? total = input is null ? count : null;
        var produced = 0L;
        try
        {
            await ProduceProgress.ShowAsync(total, async report =>
            {
                foreach (var chunk in Chunks(messages))
                {
                    await log.AppendAsync(chunk, cancellationToken);
                    produced += chunk.Count;
                    ClickMetrics.Produced.Add(chunk.Count);
                    report(produced);
                }
            });
        }
        finally
        {
            Console.WriteLine($"{produced:N0} messages appended to {log.Description}");
        }

        return CommandLine.Done;
    }

    private static Stream Open(string file)
    {
        try
        {
            return file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{file} cannot be read: {exception.Message}", exception);
        }
    }

    private static IEnumerable<LogMessage> Fakes(IServiceProvider services, long count)
    {
        var source = services.GetRequiredService<Func<int, IClickSource>>()(0);
        for (var made = 0L; made < count; made++)
        {
            var click = source.Next();
            yield return new LogMessage(System.Text.Encoding.UTF8.GetBytes(click.UserId), ClickEncoder.Encode(click));
        }
    }

    /// <summary>Lines as messages; one that is a click gets its user as key, as its producer would have given it.</summary>
    private static IEnumerable<LogMessage> Lines(Stream input)
    {
        var decoder = new ClickDecoder();
        var decoded = new Pipeline.ClickColumns();
        foreach (var line in LineReader.Read(input))
        {
            decoded.Clear();
            ReadOnlyMemory<byte>? key = decoder.TryDecode(line, 0, decoded, out _)
                ? System.Text.Encoding.UTF8.GetBytes(decoded.UserIds[0])
                : null;
            yield return new LogMessage(key, line);
        }
    }

    private static IEnumerable<List<LogMessage>> Chunks(IEnumerable<LogMessage> messages)
    {
        var chunk = new List<LogMessage>(Chunk);
        var bytes = 0L;
        foreach (var message in messages)
        {
            chunk.Add(message);
            bytes += message.Value.Length;
            if (chunk.Count >= Chunk || bytes >= ChunkBytes)
            {
                yield return chunk;
                chunk = new List<LogMessage>(Chunk);
                bytes = 0;
            }
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }
}
