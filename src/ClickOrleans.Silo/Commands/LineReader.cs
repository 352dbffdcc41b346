namespace ClickOrleans.Silo.Commands;

/// <summary>Cuts a stream of bytes into lines at U+000A; the bytes between are handed on as they are.</summary>
internal static class LineReader
{
    public static IEnumerable<byte[]> Read(Stream input)
    {
        var buffer = new byte[64 * 1024];
        var line = new MemoryStream();
        int read;
        while ((read = input.Read(buffer)) > 0)
        {
            var start = 0;
            while (Array.IndexOf(buffer, (byte)'\n', start, read - start) is var end and >= 0)
            {
                line.Write(buffer, start, end - start);
                yield return line.ToArray();
                line.SetLength(0);
                start = end + 1;
            }

            line.Write(buffer, start, read - start);
        }

        if (line.Length > 0)
        {
            yield return line.ToArray();
        }
    }
}
