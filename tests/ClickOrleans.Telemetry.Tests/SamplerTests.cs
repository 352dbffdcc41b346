using System.Diagnostics;
using ClickOrleans.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace ClickOrleans.Telemetry.Tests;

public sealed class SamplerTests
{
    private static readonly ActivityTraceId Trace = ActivityTraceId.CreateRandom();

    [Theory]
    [InlineData(ActivityKind.Client, false, SamplingDecision.Drop)]
    [InlineData(ActivityKind.Client, true, SamplingDecision.RecordAndSample)]
    [InlineData(ActivityKind.Server, false, SamplingDecision.RecordAndSample)]
    [InlineData(ActivityKind.Producer, false, SamplingDecision.RecordAndSample)]
    [InlineData(ActivityKind.Internal, false, SamplingDecision.RecordAndSample)]
    public void A_client_span_is_not_sampled_as_the_root_of_a_trace(ActivityKind kind, bool hasParent, SamplingDecision expected)
    {
        var sampler = new ClientRootSampler(Configured(null, null));

        Assert.Equal(expected, Decide(sampler, kind, hasParent ? ActivityTraceFlags.Recorded : null));
    }

    [Theory]
    [InlineData(null, null, true, true, false)]
    [InlineData("parentbased_always_on", null, true, true, false)]
    [InlineData("PARENTBASED_ALWAYS_OFF", null, false, true, false)]
    [InlineData("parentbased_traceidratio", "0", false, true, false)]
    [InlineData("parentbased_traceidratio", "1.0", true, true, false)]
    [InlineData("parentbased_traceidratio", "much", true, true, false)]
    [InlineData("always_on", null, true, true, true)]
    [InlineData("always_off", null, false, false, false)]
    [InlineData("traceidratio", "0", false, false, false)]
    [InlineData("nonsense", null, true, true, false)]
    public void The_sampler_of_the_environment_variables_is_used(
        string? name, string? argument, bool root, bool ofRecorded, bool ofUnrecorded)
    {
        var sampler = Configured(name, argument);

        Assert.Equal(
            (root, ofRecorded, ofUnrecorded),
            (Samples(sampler, null), Samples(sampler, ActivityTraceFlags.Recorded), Samples(sampler, ActivityTraceFlags.None)));
    }

    private static bool Samples(Sampler sampler, ActivityTraceFlags? parent) =>
        Decide(sampler, ActivityKind.Consumer, parent) == SamplingDecision.RecordAndSample;

    private static SamplingDecision Decide(Sampler sampler, ActivityKind kind, ActivityTraceFlags? parent)
    {
        var context = parent is { } flags
            ? new ActivityContext(Trace, ActivitySpanId.CreateRandom(), flags, isRemote: true)
            : default;
        return sampler.ShouldSample(new SamplingParameters(context, Trace, "span", kind)).Decision;
    }

    private static Sampler Configured(string? name, string? argument) => ConfiguredSampler.Read(new ConfigurationBuilder()
        .AddInMemoryCollection([new("OTEL_TRACES_SAMPLER", name), new("OTEL_TRACES_SAMPLER_ARG", argument)])
        .Build());
}
