using System.Diagnostics;

namespace ClickOrleans.Pipeline.Log;

/// <summary>Takes messages from an <see cref="ILogReader"/>.</summary>
public interface IMessageVisitor
{
    /// <summary>Takes one message. The message always counts as taken.</summary>
    /// <returns>False to be given no further message in this read.</returns>
    bool Visit(in ReceivedMessage message);

    /// <summary>Whether it wants to be told of origins; asked at the start of a read.</summary>
    bool WantsOrigins => false;

    /// <summary>
    /// Takes the span that the next message was published in. Not told for each message: the reader looks at some, so that
    /// looking costs next to nothing.
    /// </summary>
    void TakeOrigin(in ActivityContext origin)
    {
    }
}
