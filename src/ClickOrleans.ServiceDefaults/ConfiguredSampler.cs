using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace ClickOrleans.ServiceDefaults;

/// <summary>
/// The sampler that <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_TRACES_SAMPLER_ARG</c> name, which the SDK does not read where a sampler is set
/// by code (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
/// </summary>
internal static class ConfiguredSampler
{
    /// <remarks>As the specification wants it, what cannot be read counts as not set: parentbased_always_on, and a ratio of 1.</remarks>
    public static Sampler Read(IConfiguration configuration)
    {
        var name = configuration["OTEL_TRACES_SAMPLER"]?.Trim().ToLowerInvariant() ?? "";
        return name switch
        {
            "always_on" => new AlwaysOnSampler(),
            "always_off" => new AlwaysOffSampler(),
            "traceidratio" => Ratio(configuration),
            "parentbased_always_off" => new ParentBasedSampler(new AlwaysOffSampler()),
            "parentbased_traceidratio" => new ParentBasedSampler(Ratio(configuration)),
            _ => new ParentBasedSampler(new AlwaysOnSampler()),
        };
    }

    private static TraceIdRatioBasedSampler Ratio(IConfiguration configuration) => new(
        double.TryParse(configuration["OTEL_TRACES_SAMPLER_ARG"], NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio)
        && ratio is >= 0 and <= 1 ? ratio : 1);
}
