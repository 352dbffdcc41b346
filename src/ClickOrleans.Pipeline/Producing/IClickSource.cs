namespace ClickOrleans.Pipeline.Producing;

/// <summary>Makes the clicks that a <see cref="ProducerWorker"/> appends. Used by one thread at a time.</summary>
public interface IClickSource
{
    /// <summary>The next click, at the clock's time.</summary>
    Click Next();
}
