using System.Diagnostics;
using OpenTelemetry.Trace;

namespace ClickOrleans.ServiceDefaults;

/// <summary>
/// Leaves out traces that would begin with a call to somebody else: what a silo asks its servers and the other silos every second, for
/// nobody in particular. A trace begins with clicks, a request or a run.
/// </summary>
/// <param name="inner">Decides about all others.</param>
internal sealed class AskedForSampler(Sampler inner) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters is { Kind: ActivityKind.Client, ParentContext: var parent } && parent.TraceId == default
            ? new SamplingResult(SamplingDecision.Drop)
            : inner.ShouldSample(samplingParameters);
}
