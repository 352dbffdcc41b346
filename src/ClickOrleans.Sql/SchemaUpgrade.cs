using DbUp.Builder;
using DbUp.Engine;
using Microsoft.Extensions.Logging;

namespace ClickOrleans.Sql;

/// <summary>
/// Applies the numbered scripts that a database does not have yet. The caller holds the lock, and has its transactions.
/// </summary>
public static class SchemaUpgrade
{
    /// <summary>The table in which DbUp keeps the names of the scripts it has applied.</summary>
    public const string Journal = "schema_versions";

    /// <exception cref="InvalidOperationException">A script failed; those before it were run.</exception>
    public static void Apply(
        UpgradeEngineBuilder builder, IEnumerable<SqlStatement> scripts, string description, ILogger logger)
    {
        var result = builder
            .WithScripts(scripts.Select(script => new SqlScript(JournalName(script), script.Text)))
            .WithVariablesDisabled()
            .LogTo(new SilentUpgradeLog())
            .Build()
            .PerformUpgrade();
        foreach (var script in result.Scripts)
        {
            logger.SchemaScriptApplied(script.Name, description);
        }

        if (!result.Successful)
        {
            throw new InvalidOperationException(
                $"Schema upgrade of {description} failed: {result.Error.Message}", result.Error);
        }
    }

    /// <summary>The name under which the journal lists a script: databases in use know it, so it must not change.</summary>
    public static string JournalName(SqlStatement script) => Path.GetFileName(script.Path);
}
