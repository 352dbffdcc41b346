namespace ClickOrleans.Testing.Silos;

/// <summary>Copies of folders, as backups are.</summary>
internal static class Folders
{
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        CopyFiles(from, "*", to);
        foreach (var folder in Directory.GetDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    public static void CopyFiles(string from, string pattern, string to)
    {
        foreach (var file in Directory.GetFiles(from, pattern))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
