using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace ClickOrleans.ServiceDefaults;

/// <summary>
/// The sampler of <c>OTEL_TRACES_SAMPLER</c> and <c>OTEL_TRACES_SAMPLER_ARG</c>, which the SDK ignores if code sets a sampler
/// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
/// </summary>
internal static class ConfiguredSampler
{
    /// <remarks>Per the specification, an invalid value counts as not set: parentbased_always_on, and a ratio of 1.</remarks>
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
