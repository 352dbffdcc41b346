using Microsoft.Extensions.DependencyInjection;

namespace ClickOrleans.Pipeline.Composition;

internal sealed class ClickOrleansBuilder(IServiceCollection services) : IClickOrleansBuilder
{
    public IServiceCollection Services => services;
}
