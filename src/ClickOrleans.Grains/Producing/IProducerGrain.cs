namespace ClickOrleans.Grains.Producing;

/// <summary>A producer of fake clicks; its key is its index.</summary>
[Alias("ClickOrleans.IProducerGrain")]
public interface IProducerGrain : IGrainWithIntegerKey
{
    /// <summary>Produces at this rate (0 = unlimited). The word holds for half a minute.</summary>
    [Alias("Ensure")]
    Task<ProducerReport> EnsureAsync(double ratePerSecond);

    [Alias("Stop")]
    Task<ProducerReport> StopAsync();
}

/// <param name="Produced">Clicks the log has acknowledged since the producer began.</param>
[GenerateSerializer]
[Alias("ClickOrleans.ProducerReport")]
public sealed record ProducerReport(
    [property: Id(0)] int Producer,
    [property: Id(1)] Guid Activation,
    [property: Id(2)] string Silo,
    [property: Id(3)] long Produced,
    [property: Id(4)] string? Error);
