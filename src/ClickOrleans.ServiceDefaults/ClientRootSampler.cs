using System.Diagnostics;
using OpenTelemetry.Trace;

namespace ClickOrleans.ServiceDefaults;

/// <summary>
/// Drops traces whose root is a client span: the periodic requests of a silo to its servers and to other silos. A trace starts
/// with published clicks, an incoming request or an aggregation run.
/// </summary>
/// <param name="inner">Decides about all other spans.</param>
internal sealed class ClientRootSampler(Sampler inner) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters is { Kind: ActivityKind.Client, ParentContext: var parent } && parent.TraceId == default
            ? new SamplingResult(SamplingDecision.Drop)
            : inner.ShouldSample(samplingParameters);
}
