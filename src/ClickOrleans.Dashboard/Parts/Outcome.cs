using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Dashboard.Parts;

/// <summary>What came of something that was asked for.</summary>
public sealed class Outcome
{
    private IReadOnlyList<ValidationError> _faults = [];

    public bool IsBusy { get; private set; }

    public bool IsApplied { get; private set; }

    /// <summary>Why it could not be done, where that is no field's fault.</summary>
    public string? Error { get; private set; }

    /// <summary>What is wrong with a field; null if nothing is.</summary>
    public string? Of(string field) => _faults.FirstOrDefault(fault => fault.Field == field)?.Message;

    public void Refuse(params IReadOnlyList<ValidationError> faults) => (_faults, IsApplied, Error) = (faults, false, null);

    /// <summary>Does it, and keeps what it says.</summary>
    public async Task DoAsync(Func<Task<IReadOnlyList<ValidationError>>> work)
    {
        (IsBusy, IsApplied, Error, _faults) = (true, false, null, []);
        try
        {
            _faults = await work();
            IsApplied = _faults.Count == 0;
        }
        catch (TimeoutException)
        {
            Error = "No answer within 5 seconds; whether it was done will show below.";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Error = $"It could not be done: {failure.Message}";
        }
        finally
        {
            IsBusy = false;
        }
    }
}
