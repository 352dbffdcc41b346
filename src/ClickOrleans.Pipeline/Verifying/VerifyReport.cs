namespace ClickOrleans.Pipeline.Verifying;

/// <summary>What was compared, and what differs.</summary>
public sealed class VerifyReport
{
    private readonly List<string> _compared = [];
    private readonly List<string> _notes = [];
    private readonly List<string> _differences = [];

    public IReadOnlyList<string> Compared => _compared;

    /// <summary>What could not be compared, and why.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The differences, each with its place.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>The share of the stored records that was compared field by field; 1: all of them.</summary>
    public double ComparedShare { get; internal set; } = 1;

    /// <summary>True if there is no difference.</summary>
    public bool IsClean => _differences.Count == 0;

    internal void AddCompared(string what) => _compared.Add(what);

    internal void AddNote(string what) => _notes.Add(what);

    internal void AddDifference(string what) => _differences.Add(what);
}
