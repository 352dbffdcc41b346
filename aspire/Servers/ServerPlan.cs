using Microsoft.Extensions.Configuration;

namespace ClickOrleans.AppHost.Servers;

/// <summary>
/// Where each server comes from: a given connection string, else a container, else the silo's embedded adapter on SQLite. The
/// setting <c>Servers</c> chooses between the last two; without it, containers are used where a container runtime answers.
/// </summary>
internal sealed class ServerPlan
{
    private const string Setting = "Servers";
    private const string Embedded = "embedded";
    private const string Containers = "containers";

    private static readonly string[] Names = ["kafka", "clickstream", "elasticsearch"];

    private readonly IDistributedApplicationBuilder _builder;
    private readonly bool _usesContainers;

    private ServerPlan(IDistributedApplicationBuilder builder, bool usesContainers) =>
        (_builder, _usesContainers) = (builder, usesContainers);

    /// <summary>Embedded adapters serve one silo.</summary>
    public bool HasEmbedded => !_usesContainers && !AllGiven(_builder);

    /// <summary>What was chosen where nobody did; null = a choice was made.</summary>
    public string? Note { get; private init; }

    /// <exception cref="DistributedApplicationException">The setting is unknown, or asks for containers that nothing can
    /// run.</exception>
    public static async Task<ServerPlan> ReadAsync(IDistributedApplicationBuilder builder)
    {
        var choice = builder.Configuration[Setting] ?? "";
        if (choice is not ("" or Embedded or Containers))
        {
            throw new DistributedApplicationException($"{Setting} is '{choice}'; allowed are {Embedded} and {Containers}.");
        }

        if (choice == Embedded || AllGiven(builder))
        {
            return new ServerPlan(builder, usesContainers: false);
        }

        if (builder.ExecutionContext.IsPublishMode
            || await ContainerRuntime.AnswersAsync(builder.Configuration["ASPIRE_CONTAINER_RUNTIME"]))
        {
            return new ServerPlan(builder, usesContainers: true);
        }

        return choice == Containers
            ? throw new DistributedApplicationException(
                $"{Setting} is '{Containers}', but no container runtime answers (Docker, Podman). Start one, set " +
                $"{Setting}={Embedded}, or give a connection string for each of {string.Join(", ", Names)}.")
            : new ServerPlan(builder, usesContainers: false)
            {
                Note = $"No container runtime answers (Docker, Podman): starting {Embedded}, one silo on SQLite.",
            };
    }

    /// <summary>The server by its connection string's name; null = embedded.</summary>
    public IResourceBuilder<IResourceWithConnectionString>? Add(
        string name, Func<IResourceBuilder<IResourceWithConnectionString>> container) =>
        IsGiven(_builder, name) ? _builder.AddConnectionString(name)
        : _usesContainers ? container()
        : null;

    private static bool AllGiven(IDistributedApplicationBuilder builder) => Names.All(name => IsGiven(builder, name));

    private static bool IsGiven(IDistributedApplicationBuilder builder, string name) =>
        !string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name));
}
