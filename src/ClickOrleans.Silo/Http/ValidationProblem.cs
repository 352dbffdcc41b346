using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Silo.Http;

/// <summary>400 with a problem document that names every error by its field.</summary>
internal static class ValidationProblem
{
    public static IResult Of(params IEnumerable<ValidationError> errors) => Results.ValidationProblem(
        errors.GroupBy(error => error.Field).ToDictionary(
            field => field.Key, field => field.Select(error => error.Message).ToArray()));
}
