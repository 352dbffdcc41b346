using Microsoft.AspNetCore.Components;

namespace ClickOrleans.Dashboard.Live;

/// <summary>A part that is drawn anew whenever the board changes, once its browser is connected.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private IDisposable? _watch;

    [Inject]
    public DashboardFeed Board { get; set; } = null!;

    protected DashboardSnapshot Now => Board.Now;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _watch = Board.Watch(() => _ = InvokeAsync(RenewAsync));
        }
    }

    /// <summary>Called on the page's own turn after each change.</summary>
    protected virtual Task RenewAsync()
    {
        StateHasChanged();
        return Task.CompletedTask;
    }

    protected virtual void Dispose(bool disposing) => _watch?.Dispose();
}
