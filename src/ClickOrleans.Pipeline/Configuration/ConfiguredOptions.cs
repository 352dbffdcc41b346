using ClickOrleans.Pipeline.Control;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Pipeline.Configuration;

/// <summary>
/// Binds an options class to its section and checks it; every error is named, with key, value and what is allowed.
/// </summary>
internal sealed class ConfiguredOptions<T>(string section, IConfiguration configuration)
    : IConfigureOptions<T>, IValidateOptions<T>
    where T : class, new()
{
    public void Configure(T options) => OptionsBinder.Bind(options, configuration.GetSection(section));

    public ValidateOptionsResult Validate(string? name, T options)
    {
        List<ValidationError> errors =
            [.. OptionsBinder.Bind(new T(), configuration.GetSection(section)), .. OptionsRules.Check(options)];
        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(error => error.In(section).Message));
    }
}
