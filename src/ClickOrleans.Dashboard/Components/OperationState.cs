using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Dashboard.Components;

/// <summary>Progress and result of an operation that the user started: busy, applied, validation errors, or failure.</summary>
public sealed class OperationState
{
    private IReadOnlyList<ValidationError> _errors = [];

    public bool IsBusy { get; private set; }

    public bool IsApplied { get; private set; }

    /// <summary>Message of a failure that is not a validation error.</summary>
    public string? Error { get; private set; }

    /// <summary>Validation message of a field; null if the field is valid.</summary>
    public string? Of(string field) => _errors.FirstOrDefault(error => error.Field == field)?.Message;

    public void Refuse(params IReadOnlyList<ValidationError> errors) => (_errors, IsApplied, Error) = (errors, false, null);

    /// <summary>Runs the operation; it returns its validation errors, none if it was applied.</summary>
    public async Task DoAsync(Func<Task<IReadOnlyList<ValidationError>>> work)
    {
        (IsBusy, IsApplied, Error, _errors) = (true, false, null, []);
        try
        {
            _errors = await work();
            IsApplied = _errors.Count == 0;
        }
        catch (TimeoutException)
        {
            Error = "Timed out; the change may still be applied. The current state is below.";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Error = $"Failed: {exception.Message}";
        }
        finally
        {
            IsBusy = false;
        }
    }
}
