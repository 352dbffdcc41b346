using ClickOrleans.Testing.Silos;

namespace ClickOrleans.AppHost.Tests;

/// <summary>A program made of a shell script, in the place of a container runtime's client.</summary>
internal sealed class ScriptProgram : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ScriptProgram(string script)
    {
        Path = _folder.File("runtime");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell script.");
        File.WriteAllText(Path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Path { get; }

    public void Dispose() => _folder.Dispose();
}
