using ClickOrleans.Kafka.Native;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickOrleans.Kafka;

/// <summary>
/// Makes a client of each kind that the log uses: whether properties that are fine one by one go together, and the files that
/// they name are there, librdkafka only says then. No client connects: they are given no server.
/// </summary>
internal static class KafkaClientCheck
{
    /// <returns>Which clients librdkafka refuses to make, and why, without secrets.</returns>
    public static IEnumerable<(string Client, string Refusal)> Refusals(KafkaOptions options) =>
        from client in Clients(options)
        let refusal = Try(client.Make)
        where refusal is not null
        select (client.Name, KafkaProperties.WithoutSecrets(refusal, options));

    private static IEnumerable<(string Name, Func<IDisposable> Make)> Clients(KafkaOptions options)
    {
        var admin = WithoutServers(KafkaProperties.ForAdmin("", options));
        var consumer = WithoutServers(KafkaProperties.ForConsumer("", options, options.Partitions));
        var producer = WithoutServers(KafkaProperties.ForProducer("", options));
        yield return ("admin client", () => new NativeClient(LibrdkafkaAdmin.Producer, admin, NullLogger.Instance));
        yield return ("consumer", () => new NativeClient(Librdkafka.Consumer, consumer, NullLogger.Instance));
        yield return ("producer", () => KafkaAppender.Build(producer, NullLogger.Instance, (_, _) => { }));
    }

    private static string? Try(Func<IDisposable> make)
    {
        try
        {
            make().Dispose();
            return null;
        }
        catch (Exception exception) when (exception is KafkaException or InvalidOperationException or ArgumentException)
        {
            return exception.Message;
        }
    }

    private static Dictionary<string, string> WithoutServers(Dictionary<string, string> properties)
    {
        properties.Remove("bootstrap.servers");
        return properties;
    }
}
