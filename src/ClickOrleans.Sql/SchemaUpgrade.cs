using ClickOrleans.Pipeline.Composition;
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

    /// <exception cref="StartupException">A newer version has changed the database.</exception>
    /// <exception cref="InvalidOperationException">A script failed; those before it were run.</exception>
    public static void Apply(
        UpgradeEngineBuilder builder, IEnumerable<SqlStatement> scripts, string description, ILogger logger)
    {
        var known = scripts.Select(script => new SqlScript(JournalName(script), script.Text)).ToList();
        var engine = builder
            .WithScripts(known)
            .WithVariablesDisabled()
            .LogTo(new SilentUpgradeLog())
            .Build();
        ThrowIfNewer(engine.GetExecutedScripts(), known[^1].Name, description);
        var result = engine.PerformUpgrade();
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

    private static void ThrowIfNewer(IEnumerable<string> executed, string last, string description)
    {
        var newest = executed.Max(StringComparer.Ordinal);
        if (string.CompareOrdinal(newest, last) > 0)
        {
            throw new StartupException(
                $"{description} was upgraded by a newer version of ClickOrleans ({newest}); this version knows its tables only "
                + $"up to {last}. Run the newer version, or restore a backup that was made before the upgrade");
        }
    }

    /// <summary>The name under which the journal lists a script: databases in use know it, so it must not change.</summary>
    public static string JournalName(SqlStatement script) => Path.GetFileName(script.Path);
}
