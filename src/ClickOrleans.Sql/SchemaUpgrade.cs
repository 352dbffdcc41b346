using DbUp.Builder;
using DbUp.Engine;
using DbUp.Engine.Output;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Sql;

/// <summary>Applies the numbered scripts that a database has not seen. The caller holds the lock.</summary>
public static partial class SchemaUpgrade
{
    /// <summary>The table in which DbUp keeps the names of the scripts it applied.</summary>
    public const string Journal = "schema_versions";

    /// <exception cref="InvalidOperationException">A script failed; those before it are applied.</exception>
    public static void Apply(UpgradeEngineBuilder builder, SqlStatements statements, string description, ILogger logger)
    {
        var result = builder
            .WithScripts(statements.SchemaScripts.Select(script => new SqlScript(script.Name, script.Text)))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogTo(new SilentUpgradeLog())
            .Build()
            .PerformUpgrade();
        foreach (var script in result.Scripts)
        {
            LogApplied(logger, script.Name, description);
        }

        if (!result.Successful)
        {
            throw new InvalidOperationException(
                $"The schema of {description} could not be brought up to date: {result.Error.Message}", result.Error);
        }
    }

    [LoggerMessage(2001, LogLevel.Information, "Applied {Script} to {Store}")]
    private static partial void LogApplied(ILogger logger, string script, string store);
}
