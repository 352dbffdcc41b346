using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.DeadLetters;

/// <summary>
/// Why a message could not become a click. Where several hold, the first in this order is the one named, whatever the order
/// of the members in the message.
/// </summary>
public enum DeadLetterReason
{
    /// <summary>No value (a tombstone), or nothing behind the byte order mark.</summary>
    Empty,

    /// <summary>Not one JSON value in valid UTF-8.</summary>
    MalformedJson,

    /// <summary>JSON, but neither an object nor an array of exactly eight elements.</summary>
    WrongShape,

    /// <summary>One of the eight is absent or null, or <c>user_id</c> or <c>url</c> is empty.</summary>
    MissingField,

    /// <summary>A text field is not a string, or the timestamp is neither a string nor a number.</summary>
    WrongType,

    /// <summary>A text field has more UTF-8 bytes than <see cref="ClickLimits"/> allows.</summary>
    TooLong,

    /// <summary>The timestamp has none of the accepted forms, or lies outside of 1970 to 9999.</summary>
    BadTimestamp,

    /// <summary>A text field holds U+0000 or a lone surrogate, which no store keeps.</summary>
    UnstorableText,

    /// <summary>A well-formed click that the store refused as data (SQLSTATE class 22 or 23).</summary>
    RejectedByStore,
}
