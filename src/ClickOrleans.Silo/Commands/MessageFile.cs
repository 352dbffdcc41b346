using System.IO.Compression;
using System.Text;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Log;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Silo.Commands;

/// <summary>
/// A file of messages, one a line; one in gzip or UTF-16 is recognised by its first bytes and read as what it holds.
/// </summary>
internal sealed class MessageFile : IDisposable
{
    private readonly string _name;
    private readonly Stream _input;

    private MessageFile(string name, Stream input) => (_name, _input) = (name, input);

    /// <param name="file">A path; <c>-</c> = standard input.</param>
    /// <exception cref="StartupException">It cannot be read.</exception>
    public static MessageFile Open(string file)
    {
        try
        {
            return new(file, Recognise(file == "-" ? Console.OpenStandardInput() : File.OpenRead(file)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Unreadable(file, exception);
        }
    }

    /// <summary>The lines as messages; one that is a click gets its user as key, as its producer would have given it.</summary>
    /// <exception cref="StartupException">It cannot be read any further, or a line is longer than a message may be.</exception>
    public IEnumerable<ProducedMessage> Read(int longest)
    {
        var decoder = new ClickDecoder();
        var decoded = new Pipeline.ClickColumns();
        foreach (var line in Guarded(LineReader.Read(_input, longest)))
        {
            decoded.Clear();
            yield return decoder.TryDecode(line, 0, decoded, out _)
                ? new(
                    new LogMessage(Encoding.UTF8.GetBytes(decoded.UserIds[0]), line),
                    IsClick: true,
                    HasEventId: decoded.EventIds.Count > 0)
                : new(new LogMessage(null, line), IsClick: false, HasEventId: false);
        }
    }

    public void Dispose() => _input.Dispose();

    private static Stream Recognise(Stream input)
    {
        var peeked = new PeekedStream(input, length: 2);
        return peeked.Start switch
        {
            [0x1f, 0x8b] => Recognise(new GZipStream(peeked, CompressionMode.Decompress)),
            [0xff, 0xfe] or [(byte)'{' or (byte)'[', 0] => Utf16(peeked, Encoding.Unicode),
            [0xfe, 0xff] or [0, (byte)'{' or (byte)'['] => Utf16(peeked, Encoding.BigEndianUnicode),
            _ => peeked,
        };
    }

    /// <summary>As UTF-8; a byte order mark becomes that of UTF-8, which the decoder passes over.</summary>
    private static Stream Utf16(Stream input, Encoding encoding) =>
        Encoding.CreateTranscodingStream(input, encoding, Encoding.UTF8);

    private static StartupException Unreadable(string file, Exception exception) =>
        new($"{file} cannot be read: {exception.Message}", exception);

    private IEnumerable<byte[]> Guarded(IEnumerable<byte[]> lines)
    {
        using var line = lines.GetEnumerator();
        while (MoveNext())
        {
            yield return line.Current;
        }

        bool MoveNext()
        {
            try
            {
                return line.MoveNext();
            }
            catch (LineTooLongException exception)
            {
                throw new StartupException($"{_name}: {exception.Message}", exception);
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException)
            {
                throw Unreadable(_name, exception);
            }
        }
    }
}

/// <param name="IsClick">Whether it will be stored as one; otherwise it will be a dead letter.</param>
internal readonly record struct ProducedMessage(LogMessage Message, bool IsClick, bool HasEventId);
