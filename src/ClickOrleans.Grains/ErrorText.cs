namespace ClickOrleans.Grains;

/// <summary>What a person is told of a failed call, in a line: what failed, and the cause where that does not say it.</summary>
internal static class ErrorText
{
    public static string Of(Exception exception)
    {
        var (said, cause) = (FirstLine(exception), FirstLine(exception.GetBaseException()));
        return said.Contains(cause, StringComparison.Ordinal) ? said : $"{said} {cause}";
    }

    /// <summary>Of a call to another silo, the message holds the stack trace there.</summary>
    private static string FirstLine(Exception exception) => exception.Message.Trim().Split('\n', 2)[0].TrimEnd();
}
