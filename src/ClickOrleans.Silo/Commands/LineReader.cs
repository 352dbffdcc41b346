namespace ClickOrleans.Silo.Commands;

/// <summary>Cuts a stream of bytes into lines at U+000A; the bytes between are handed on as they are.</summary>
internal static class LineReader
{
    /// <param name="longest">The most bytes of a line; none longer is kept in memory.</param>
    /// <exception cref="LineTooLongException">A line is longer; those before it were handed on.</exception>
    public static IEnumerable<byte[]> Read(Stream input, int longest)
    {
        var buffer = new byte[64 * 1024];
        var line = new MemoryStream();
        var number = 1L;
        int read;
        while ((read = input.Read(buffer)) > 0)
        {
            var start = 0;
            while (Array.IndexOf(buffer, (byte)'\n', start, read - start) is var end and >= 0)
            {
                Append(start, end);
                yield return line.ToArray();
                line.SetLength(0);
                number++;
                start = end + 1;
            }

            Append(start, read);
        }

        if (line.Length > 0)
        {
            yield return line.ToArray();
        }

        void Append(int start, int end)
        {
            if (line.Length + end - start > longest)
            {
                throw new LineTooLongException(number, longest);
            }

            line.Write(buffer, start, end - start);
        }
    }
}

/// <param name="line">Counted from one.</param>
internal sealed class LineTooLongException(long line, int longest)
    : Exception($"line {line:N0} has more than {longest:N0} bytes, the most that a message may have");
