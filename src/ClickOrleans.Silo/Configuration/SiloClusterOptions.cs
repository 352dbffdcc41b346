using System.ComponentModel.DataAnnotations;
using ClickOrleans.Pipeline.Configuration;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Silo.Configuration;

/// <summary>How soon a silo that died is found dead: for a cluster on one fast network.</summary>
/// <remarks>
/// A process that is gone is found at its closed connections, after about <see cref="ProbeTimeout"/>. One that hangs, and a
/// host that is
/// lost, after <see cref="MaxProbeTimeout"/> × <see cref="MissedProbes"/>: no silo is pronounced dead that let itself be heard
/// within
/// that time, however busy the machine.
/// </remarks>
public sealed class SiloClusterOptions : IValidated
{
    public const string Section = "ClickOrleans:Cluster";

    /// <summary>How long a probe waits for its answer at first, and the pause between probes.</summary>
    /// <value>Default 1 s; 100 ms to 1 min.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest that a probe waits, where answers are seen to take long.</summary>
    /// <value>Default 2.5 s; 100 ms to 5 min, not less than <see cref="ProbeTimeout"/>.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan MaxProbeTimeout { get; set; } = TimeSpan.FromSeconds(2.5);

    /// <summary>Unanswered probes in a row after which a silo is suspected.</summary>
    /// <value>Default 3; 1 to 20.</value>
    [Range(1, 20)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>
    /// How often each silo writes into the membership table that it is alive. Where all died at once, those who start
    /// afterwards take them
    /// for dead after three times this long.
    /// </summary>
    /// <value>Default 3 s; 1 s to 5 min.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan AliveInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the dead stay in the membership table.</summary>
    /// <value>Default 10 min; 1 min to 30 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan DeadKept { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether the silo is a pod and asks Kubernetes which of the others are.</summary>
    /// <value>Default null: wherever Kubernetes runs it, which <c>KUBERNETES_SERVICE_HOST</c> says.</value>
    public bool? Kubernetes { get; set; }

    public IEnumerable<ValidationError> Validate()
    {
        if (MaxProbeTimeout < ProbeTimeout)
        {
            yield return ValidationError.NotAllowed(
                nameof(MaxProbeTimeout),
                MaxProbeTimeout,
                $"times of {nameof(ProbeTimeout)}, {Duration.ToText(ProbeTimeout)}, and up");
        }
    }
}
