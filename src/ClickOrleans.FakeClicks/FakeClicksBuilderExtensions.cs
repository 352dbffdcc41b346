using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Producing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClickOrleans.FakeClicks;

public static class FakeClicksBuilderExtensions
{
    /// <summary>
    /// Has producers append fake clicks; options are the section <see cref="GeneratorOptions.Section"/>. How many producers run,
    /// and how fast, is desired state.
    /// </summary>
    public static IClickOrleansBuilder UseFakeClicks(
        this IClickOrleansBuilder builder, Action<GeneratorOptions>? configure = null)
    {
        builder.AddOptions(GeneratorOptions.Section, configure);
        builder.Services.AddSingleton<Func<int, IClickSource>>(provider => producer => new ClickGenerator(
            provider.GetRequiredService<IOptions<GeneratorOptions>>().Value,
            producer,
            provider.GetRequiredService<TimeProvider>()));
        return builder;
    }
}
