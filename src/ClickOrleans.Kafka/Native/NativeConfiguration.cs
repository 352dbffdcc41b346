using System.Runtime.InteropServices;

namespace ClickOrleans.Kafka.Native;

/// <summary>A librdkafka configuration that is being filled.</summary>
internal sealed unsafe class NativeConfiguration : IDisposable
{
    public const int ErrorSize = 512;

    public nint Handle { get; private set; } = Librdkafka.NewConfiguration();

    /// <summary>Sets a property.</summary>
    /// <returns>Why it was refused, in librdkafka's words; null if it was taken.</returns>
    public string? TrySet(string name, string value)
    {
        var error = stackalloc byte[ErrorSize];
        return Librdkafka.Set(Handle, name, value, error, ErrorSize) == Librdkafka.ConfigurationOk
            ? null
            : Marshal.PtrToStringUTF8((nint)error);
    }

    /// <summary>Says that a client owns the handle now.</summary>
    public void Release() => Handle = 0;

    public void Dispose()
    {
        if (Handle != 0)
        {
            Librdkafka.DestroyConfiguration(Handle);
            Handle = 0;
        }
    }
}
