using Orleans.Configuration;

namespace ClickOrleans.Grains;

/// <summary>The name under which this silo is shown.</summary>
public sealed class SiloName(Microsoft.Extensions.Options.IOptions<SiloOptions> options)
{
    public override string ToString() => options.Value.SiloName;
}
