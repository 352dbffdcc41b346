namespace ClickOrleans.Pipeline.Log;

/// <summary>Takes messages from an <see cref="ILogReader"/>.</summary>
public interface IMessageVisitor
{
    /// <summary>Takes one message. The message always counts as taken.</summary>
    /// <returns>False to be given no further message in this read.</returns>
    bool Visit(in ReceivedMessage message);
}
