namespace ClickOrleans.Pipeline.Composition;

/// <summary>Storage on this machine, which serves one silo: an adapter that has it registers it.</summary>
public interface IEmbeddedStorage
{
    /// <summary>Makes sure that it can be written.</summary>
    /// <exception cref="StartupException">It cannot.</exception>
    void Ensure();

    /// <summary>Owns it until disposed; a second call changes nothing.</summary>
    /// <exception cref="StartupException">Another silo owns it, or it cannot be written.</exception>
    void Own();
}
