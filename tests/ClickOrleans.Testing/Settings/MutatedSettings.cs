using System.Globalization;

namespace ClickOrleans.Testing.Settings;

/// <summary>Settings as people get them wrong: one to three values mutated, in every key and every connection string.</summary>
/// <param name="Values">By configuration key, <c>ClickOrleans:Port</c>.</param>
/// <param name="Secrets">What no output may hold.</param>
public sealed record MutatedSettings(int Number, IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Secrets)
{
    private const string Secret = "hush-4711-hush";

    /// <summary>Whole values with a secret, of which none is mutated.</summary>
    private static readonly (string Key, string Value)[] Secretive =
    [
        ("ConnectionStrings:kafka", "127.0.0.1:1,127.0.0.1:2"),
        ("ConnectionStrings:clickstream", $"Host=127.0.0.1;Port=1;Username=clicks;Password={Secret};Database=clicks;Timeout=1"),
        ("ConnectionStrings:clickstream", $"postgresql://clicks:{Secret}@127.0.0.1:1/clicks?sslmode=require"),
        ("ConnectionStrings:elasticsearch", $"http://elastic:{Secret}@127.0.0.1:1,http://127.0.0.1:2"),
        ("ConnectionStrings:elasticsearch", $"Endpoint=https://127.0.0.1:1;Username=elastic;Password={Secret}"),
        ("ConnectionStrings:elasticsearch", $"Endpoint=http://127.0.0.1:1;ApiKey={Secret}"),
        ("ELASTIC_API_KEY", Secret),
        ("ELASTIC_PASSWORD", Secret),
        ("ClickOrleans:ApiKey", Secret),
        ("ClickOrleans:Elasticsearch:ApiKey", Secret),
        ("ClickOrleans:Kafka:Client:sasl.password", Secret),
        ("OTEL_EXPORTER_OTLP_HEADERS", $"api-key={Secret}"),
    ];

    private static readonly string[] Others =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_BSP_MAX_QUEUE_SIZE",
        "Orleans:Name", "Orleans:ClusterId", "Orleans:Endpoints:SiloPort", "Orleans:Endpoints:GatewayPort",
        "Orleans:Endpoints:AdvertisedIPAddress", "Orleans:Endpoints:SiloListeningEndpoint", "Orleans:EnableDistributedTracing",
        "Orleans:Clustering:ProviderType", "Orleans:Reminders:ProviderType", "ClickOrleans:Kafka:Client:max.poll.interval.ms",
        "ClickOrleans:Kafka:Client:security.protocol", "ClickOrleans:Kafka:Client:ssl.ca.location",
    ];

    private static readonly string[] Pool =
    [
        "", " ", "\n", "\t", "abc", "-1", "0", "1", "2.5", "1e309", "NaN", "99999999999999999999", "true", "yes", "null", "{}",
        "[]", "00:00:00", "00:00:01", "1.00:00:00", "9999999.00:00:00", "soon", "127.0.0.1", "0.0.0.0", "[::]:0", "::1",
        "host.name", "localhost:9092", "http://localhost:1", "https://", "../..", "/dev/null", "/proc/self/mem", "%s%n%x",
        "${HOME}", "$(id)", "a=b;c", "a,b", "'", "\"", "\\", "é", "\u0663", "😀", "\u202e", "SASL_SSL", "AdoNet", "grpc",
        new string('x', 10_000), new string('9', 400),
    ];

    /// <param name="keys">The keys of every options class.</param>
    public static IEnumerable<MutatedSettings> Of(int seed, int count, IReadOnlyList<string> keys)
    {
        var random = new Random(seed);
        string[] plain = [.. keys, .. Others];
        for (var number = 0; number < count; number++)
        {
            var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

            // In turn, so that every key and every connection string has its cases.
            if (number % 2 == 0)
            {
                var (key, value) = Secretive[number / 2 % Secretive.Length];
                values[key] = Mutate(value, random);
            }
            else
            {
                values[plain[number / 2 % plain.Length]] = Pool[random.Next(Pool.Length)];
            }

            for (var more = random.Next(3); more > 0; more--)
            {
                values.TryAdd(plain[random.Next(plain.Length)], Pool[random.Next(Pool.Length)]);
            }

            yield return new MutatedSettings(number, values, [Secret]);
        }
    }

    public override string ToString()
    {
        var values = Values.Select(pair => $"{pair.Key}='{Shorten(pair.Value)}'");
        return string.Create(CultureInfo.InvariantCulture, $"{Number}: {string.Join(", ", values)}");
    }

    private static string Shorten(string value) => value.Length > 100 ? $"{value[..100]}..." : value;

    /// <summary>One to three changes anywhere but in the secret itself, which is looked for afterwards.</summary>
    private static string Mutate(string text, Random random)
    {
        for (var changes = 1 + random.Next(3); changes > 0; changes--)
        {
            var at = text.IndexOf(Secret, StringComparison.Ordinal);
            var place = random.Next(text.Length + 1);
            if (at >= 0 && place > at && place < at + Secret.Length)
            {
                place = random.Next(2) == 0 ? at : at + Secret.Length;
            }

            var end = place <= at ? at : text.Length;
            text = random.Next(6) switch
            {
                0 => text.Insert(place, Pool[random.Next(Pool.Length - 2)]),
                1 when place < end => text.Remove(place, 1),
                2 when place < end => text.Remove(place, Math.Min(end - place, 1 + random.Next(12))),
                3 => text.Insert(place, ";=:@/?#%&'\" \n\\"[random.Next(14)].ToString()),
                4 when place < end => text.Insert(place, text[place..end]),
                _ => $"{text}\n",
            };
        }

        return text;
    }
}
