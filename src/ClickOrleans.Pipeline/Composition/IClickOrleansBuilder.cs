using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Pipeline.Composition;

/// <summary>
/// Chooses the pipeline's adapters, each by an extension method of its project: <c>UseKafkaLog</c>, <c>UseSqliteLog</c>,
/// <c>UsePostgresStore</c>, <c>UseSqliteStore</c>, <c>UseElasticsearchIndex</c>, <c>UseSqliteIndex</c>.
/// </summary>
/// <remarks>
/// Such a method registers the adapter's port or ports, its options (<see cref="OptionsBuilderExtensions.AddOptions"/>), an
/// <see cref="IOutageClassifier"/> for its client's exceptions, a <see cref="MaintenanceOperation"/> for each thing that a person
/// can have it do and, where it keeps files of its own on this machine, an <see cref="IEmbeddedStorage"/>.
/// </remarks>
public interface IClickOrleansBuilder
{
    IServiceCollection Services { get; }
}
