using ClickOrleans.Pipeline.Composition;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Sqlite;

/// <summary>
/// The folder of the embedded adapters' files. One silo at a time owns it; the operating system releases it when the process
/// dies.
/// </summary>
internal sealed class DataFolder(IOptions<SqliteOptions> options) : IEmbeddedStorage, IDisposable
{
    private FileStream? _lock;

    private string Folder => options.Value.Data;

    public void Ensure()
    {
        try
        {
            Directory.CreateDirectory(Folder);
            var probe = Path.Combine(Folder, $".writable-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(exception);
        }
    }

    public void Own()
    {
        if (_lock is not null)
        {
            return;
        }

        Ensure();
        try
        {
            _lock = new FileStream(
                Path.Combine(Folder, "silo.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw NotWritable(exception);
        }
        catch (IOException exception)
        {
            throw new StartupException(
                $"The data folder {Path.GetFullPath(Folder)} is in use by another silo. " +
                "Embedded storage serves one silo; give this one another --data, or use Kafka and PostgreSQL.",
                exception);
        }
    }

    public void Dispose() => _lock?.Dispose();

    private StartupException NotWritable(Exception exception) =>
        new($"The data folder {Path.GetFullPath(Folder)} is not writable: {exception.Message}", exception);
}
