using System.Diagnostics;
using ClickOrleans.Pipeline.Telemetry;

namespace ClickOrleans.Telemetry.Tests;

public sealed class TraceOriginsTests
{
    [Fact]
    public void The_first_recorded_origin_is_the_parent_and_the_others_are_links()
    {
        var (unrecorded, first, second) = (Origin(ActivityTraceFlags.None), Origin(), Origin());
        var origins = new TraceOrigins();
        foreach (var origin in new[] { unrecorded, first, first, second, first })
        {
            origins.Add(origin);
        }

        Assert.Equal(first, origins.Parent);
        Assert.Equal(second, Assert.Single(origins.Links).Context);
    }

    [Fact]
    public void Without_a_recorded_origin_the_first_is_the_unrecorded_parent()
    {
        var unrecorded = Origin(ActivityTraceFlags.None);
        var origins = new TraceOrigins();
        origins.Add(unrecorded);
        origins.Add(Origin(ActivityTraceFlags.None));

        Assert.Equal(unrecorded, origins.Parent);
        Assert.Empty(origins.Links);
    }

    [Fact]
    public void The_number_of_origins_is_limited()
    {
        var origins = new TraceOrigins();
        for (var number = 0; number < 1000; number++)
        {
            origins.Add(Origin());
        }

        Assert.True(origins.IsFull);
        Assert.Equal(TraceOrigins.Most - 1, origins.Links.Count());

        origins.Clear();
        Assert.Equal(default, origins.Parent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("zz-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01")]
    [InlineData("00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01")]
    public void A_malformed_traceparent_is_no_context(string text)
    {
        Assert.False(TraceContext.TryRead(text, null, out _));
        Assert.False(TraceContext.TryRead(System.Text.Encoding.UTF8.GetBytes(text), default, out _));
    }

    [Fact]
    public void A_propagated_context_is_read_back()
    {
        using var span = new Activity("span");
        span.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        span.Start();

        Assert.True(TraceContext.TryRead(TraceContext.ParentOf(span), "a=b", out var context));
        Assert.Equal((span.TraceId, span.SpanId, ActivityTraceFlags.Recorded, "a=b", true),
            (context.TraceId, context.SpanId, context.TraceFlags, context.TraceState, context.IsRemote));
    }

    private static ActivityContext Origin(ActivityTraceFlags flags = ActivityTraceFlags.Recorded) =>
        new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags);
}
