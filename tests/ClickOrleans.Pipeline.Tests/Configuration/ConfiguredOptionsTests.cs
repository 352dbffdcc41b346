using System.ComponentModel.DataAnnotations;
using ClickOrleans.Pipeline.Composition;
using ClickOrleans.Pipeline.Configuration;
using ClickOrleans.Pipeline.Control;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClickOrleans.Pipeline.Tests.Configuration;

/// <summary>How options are bound and validated, whichever class they are.</summary>
public sealed class ConfiguredOptionsTests
{
    [Fact]
    public void What_is_configured_is_bound_and_the_rest_keeps_its_default()
    {
        var options = Bind(
            ("Count", "7"),
            ("Rate", "0.5"),
            ("Pause", "9"),
            ("Flag", "true"),
            ("Day", "monday"),
            ("Extra:a.b", "c"),
            ("Optional", ""));

        Assert.Equal((7, 0.5, TimeSpan.FromSeconds(9), true), (options.Count, options.Rate, options.Pause, options.Flag));
        Assert.Equal((DayOfWeek.Monday, "name", null), (options.Day, options.Name, options.Optional));
        Assert.Equal("c", options.Extra["a.b"]);
    }

    [Fact]
    public void Blanks_and_line_breaks_around_a_value_are_removed()
    {
        var options = Bind(("Name", " name\r\n"), ("Count", "7\n"), ("Extra:a.b", "c\n"), ("Optional", "\n"));

        Assert.Equal(("name", 7, null), (options.Name, options.Count, options.Optional));
        Assert.Equal("c", options.Extra["a.b"]);
    }

    [Theory]
    [InlineData("Count", "0", "1 to 10")]
    [InlineData("Count", "many", "whole numbers, 1 to 10")]
    [InlineData("Count", "1.5", "whole numbers, 1 to 10")]
    [InlineData("Count", "", "whole numbers, 1 to 10")]
    [InlineData("Rate", "NaN", "0 to 1000000")]
    [InlineData("Rate", "fast", "numbers, 0 to 1000000")]
    [InlineData("Pause", "00:00:11", "00:00:00.1 to 00:00:10")]
    [InlineData("Pause", "soon", "times: seconds, hh:mm:ss or d.hh:mm:ss, 00:00:00.1 to 00:00:10")]
    [InlineData("Flag", "yes", "true and false")]
    [InlineData("Optional", "x", "whole numbers")]
    [InlineData("Name", "", "texts that are not empty")]
    [InlineData("Name", "Upper", "lower case letters")]
    [InlineData("Name", "reserved", "names that are free")]
    public void A_value_that_is_not_allowed_is_named_with_key_value_and_what_is(string option, string value, string allowed) =>
        Assert.Equal([$"ClickOrleans:Test:{option} is '{value}'; allowed are {allowed}"], Errors((option, value)));

    [Fact]
    public void Every_error_is_named_at_once_those_of_other_options_and_unknown_keys_too()
    {
        var errors = Errors(("Count", "0"), ("Rate", "fast"), ("Cuont", "1"), ("Appearance", "red"));

        Assert.Equal(
            [
                "ClickOrleans:Test:Appearance is unknown",
                "ClickOrleans:Test:Count is '0'; allowed are 1 to 10",
                "ClickOrleans:Test:Cuont is unknown; did you mean ClickOrleans:Test:Count?",
                "ClickOrleans:Test:Rate is 'fast'; allowed are numbers, 0 to 1000000",
            ],
            errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_the_program_sets_counts_over_what_is_configured_and_is_validated_too()
    {
        using var services = Services([("Count", "3")], options => options.Count = 11);

        var exception = Assert.Throws<OptionsValidationException>(
            () => services.GetRequiredService<IOptions<TestOptions>>().Value);

        Assert.Equal("ClickOrleans:Test:Count is '11'; allowed are 1 to 10", exception.Message);
    }

    [Fact]
    public void Without_any_configuration_the_defaults_hold()
    {
        using var services = new ServiceCollection()
            .AddClickOrleans(clicks => clicks.AddOptions<TestOptions>("ClickOrleans:Test"))
            .BuildServiceProvider();

        Assert.Equal(1, services.GetRequiredService<IOptions<TestOptions>>().Value.Count);
    }

    private static TestOptions Bind(params (string Option, string Value)[] configured)
    {
        using var services = Services(configured);
        return services.GetRequiredService<IOptions<TestOptions>>().Value;
    }

    private static IReadOnlyList<string> Errors(params (string Option, string Value)[] configured)
    {
        using var services = Services(configured);
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
        catch (AggregateException exception)
        {
            return [.. exception.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)];
        }
    }

    private static ServiceProvider Services((string Option, string Value)[] configured, Action<TestOptions>? configure = null) =>
        new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(
                    configured.Select(pair => KeyValuePair.Create($"ClickOrleans:Test:{pair.Option}", (string?)pair.Value)))
                .Build())
            .AddClickOrleans(clicks => clicks.AddOptions("ClickOrleans:Test", configure))
            .BuildServiceProvider();

    private sealed class TestOptions : IValidated
    {
        [Range(1, 10)]
        public int Count { get; set; } = 1;

        [Range(0, 1e6)]
        public double Rate { get; set; }

        [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
        public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(1);

        public bool Flag { get; set; }

        public DayOfWeek Day { get; set; }

        public int? Optional { get; set; } = 1;

        [Required]
        [RegularExpression("[a-z]*", ErrorMessage = "lower case letters")]
        public string Name { get; set; } = "name";

        public Dictionary<string, string> Extra { get; } = [];

        public IEnumerable<ValidationError> Validate() =>
            Name == "reserved" ? [ValidationError.NotAllowed(nameof(Name), Name, "names that are free")] : [];
    }
}
