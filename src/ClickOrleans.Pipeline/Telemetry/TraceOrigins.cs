using System.Diagnostics;

namespace ClickOrleans.Pipeline.Telemetry;

/// <summary>
/// The spans that a piece of work comes from: the first is its parent, the others are links. Only so many are kept.
/// </summary>
/// <remarks>
/// A parent rather than links alone, so that one trace holds a click's whole way; recorded ones first, so that sampling is
/// decided where the trace began.
/// </remarks>
public sealed class TraceOrigins
{
    /// <summary>How many are kept; more would make spans large and tell nobody more.</summary>
    public const int Most = 32;

    private readonly List<ActivityContext> _recorded = [];
    private ActivityContext _unrecorded;

    public bool IsFull => _recorded.Count == Most;

    /// <summary>The default value where there is none.</summary>
    public ActivityContext Parent => _recorded.Count > 0 ? _recorded[0] : _unrecorded;

    public IEnumerable<ActivityLink> Links => _recorded.Skip(1).Select(origin => new ActivityLink(origin));

    public void Add(ActivityContext origin)
    {
        if (!origin.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
        {
            _unrecorded = _unrecorded == default ? origin : _unrecorded;
        }
        else if (!IsFull && !_recorded.Exists(known => known.SpanId == origin.SpanId && known.TraceId == origin.TraceId))
        {
            _recorded.Add(origin);
        }
    }

    public void Clear()
    {
        _recorded.Clear();
        _unrecorded = default;
    }
}
