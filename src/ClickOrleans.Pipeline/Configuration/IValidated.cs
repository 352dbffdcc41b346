using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Pipeline.Configuration;

/// <summary>Options with rules that attributes do not express.</summary>
public interface IValidated
{
    /// <summary>Every broken rule, its field named as the property is.</summary>
    IEnumerable<ValidationError> Validate();
}
