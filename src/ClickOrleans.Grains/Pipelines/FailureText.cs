namespace ClickOrleans.Grains.Pipelines;

/// <summary>What a person is told of a failed call: what failed, and the cause where that does not say it.</summary>
internal static class FailureText
{
    public static string Of(Exception failure)
    {
        var cause = failure.GetBaseException().Message;
        return failure.Message.Contains(cause, StringComparison.Ordinal) ? failure.Message : $"{failure.Message} {cause}";
    }
}
