using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Pipeline.Composition;

public static class StartupChecks
{
    /// <summary>
    /// Has settings checked at start that are bound to no options class; their errors are named with those of the options.
    /// </summary>
    /// <param name="errors">Each in one line.</param>
    public static IServiceCollection AddStartupCheck(
        this IServiceCollection services, Func<IServiceProvider, IEnumerable<string>> errors)
    {
        services.AddOptions<Checked>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<Checked>>(provider => new Validator(() => errors(provider)));
        return services;
    }

    private sealed class Validator(Func<IEnumerable<string>> check) : IValidateOptions<Checked>
    {
        public ValidateOptionsResult Validate(string? name, Checked options)
        {
            var errors = check().ToList();
            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }

    /// <summary>Stands for these settings among the options.</summary>
    private sealed class Checked;
}
