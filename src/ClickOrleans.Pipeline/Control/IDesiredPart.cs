namespace ClickOrleans.Pipeline.Control;

/// <summary>A part of desired state that is changed as a whole.</summary>
public interface IDesiredPart
{
    /// <summary>Under which it is stored.</summary>
    static abstract string Name { get; }

    /// <summary>What is not allowed, field by field.</summary>
    IEnumerable<ValidationError> Validate();
}
