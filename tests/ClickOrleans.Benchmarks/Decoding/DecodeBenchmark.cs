using System.Diagnostics;
using System.Globalization;
using ClickOrleans.FakeClicks;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Producing;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Benchmarks.Decoding;

/// <summary>Clicks per second that one core generates, encodes and decodes, and the bytes allocated per click.</summary>
public static class DecodeBenchmark
{
    private const int Messages = 200_000;
    private const int Rounds = 7;
    private const int BatchSize = 5_000;

    public static Task<int> RunAsync(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var generator = new ClickGenerator(new GeneratorOptions(), producer: 0, TimeProvider.System);
        var chunk = new MessageChunk();
        Report("generate and encode", () => GenerateOnce(generator, chunk));
        var messages = Enumerable.Range(0, Messages).Select(_ => ClickEncoder.Encode(generator.Next())).ToArray();
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{messages.Average(message => message.Length):F0} bytes per message"));
        var decoder = new ClickDecoder();
        var clicks = new ClickColumns();
        Report("decode", () => DecodeOnce(decoder, messages, clicks));
        return Task.FromResult(0);
    }

    private static void GenerateOnce(ClickGenerator generator, MessageChunk chunk)
    {
        for (var number = 0; number < Messages; number++)
        {
            if (chunk.Count == BatchSize)
            {
                chunk.Clear();
            }

            chunk.Add(generator.Next());
        }
    }

    private static void DecodeOnce(ClickDecoder decoder, byte[][] messages, ClickColumns clicks)
    {
        for (var number = 0; number < messages.Length; number++)
        {
            if (clicks.Count == BatchSize)
            {
                clicks.Clear();
            }

            if (!decoder.TryDecode(messages[number], number, clicks, out var fault))
            {
                throw new InvalidOperationException(fault.Error);
            }
        }
    }

    private static void Report(string name, Action once)
    {
        once();
        var rates = new List<double>();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            once();
            rates.Add(Messages / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)(Rounds * Messages);
        rates.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {rates[0]:N0} min, {rates[rates.Count / 2]:N0} median, {rates[^1]:N0} max clicks/s on one core, "
            + $"{bytes:N1} bytes allocated per click"));
    }
}
