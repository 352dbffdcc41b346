using DbUp.Engine.Output;

namespace ClickOrleans.Sql;

/// <summary>DbUp's own log is dropped: it would name connections; what was applied is logged from its result.</summary>
internal sealed class SilentUpgradeLog : IUpgradeLog
{
    public void LogTrace(string format, params object[] args)
    {
    }

    public void LogDebug(string format, params object[] args)
    {
    }

    public void LogInformation(string format, params object[] args)
    {
    }

    public void LogWarning(string format, params object[] args)
    {
    }

    public void LogError(string format, params object[] args)
    {
    }

    public void LogError(Exception ex, string format, params object[] args)
    {
    }
}
