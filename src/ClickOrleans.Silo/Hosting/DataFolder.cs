using ClickOrleans.Silo.Configuration;

namespace ClickOrleans.Silo.Hosting;

/// <summary>The folder of the embedded adapters' files. One silo at a time owns it.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(FileStream held) => _lock = held;

    /// <summary>Makes the folder and owns it until disposed; the operating system lets go of it when the process dies.</summary>
    /// <exception cref="StartupException">It is owned by another silo, or not writable.</exception>
    public static DataFolder Own(string path)
    {
        Ensure(path);
        var file = Path.Combine(path, "silo.lock");
        try
        {
            return new DataFolder(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException fault)
        {
            throw NotWritable(path, fault);
        }
        catch (IOException fault)
        {
            throw new StartupException(
                $"The data folder {Path.GetFullPath(path)} is in use by another silo. " +
                "Embedded storage serves one silo; give this one another --data, or use Kafka and PostgreSQL.",
                fault);
        }
    }

    /// <exception cref="StartupException">It is not writable.</exception>
    public static void Ensure(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".writable-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, fault);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static StartupException NotWritable(string path, Exception fault) =>
        new($"The data folder {Path.GetFullPath(path)} is not writable: {fault.Message}", fault);
}
