using Microsoft.AspNetCore.Components;

namespace ClickOrleans.Dashboard.Live;

/// <summary>Renders after each refresh of the <see cref="DashboardFeed"/>, once the circuit is connected.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private IDisposable? _subscription;

    [Inject]
    public DashboardFeed Feed { get; set; } = null!;

    protected DashboardSnapshot Now => Feed.Now;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _subscription = Feed.Subscribe(() => _ = InvokeAsync(RefreshAsync));
        }
    }

    /// <summary>Called on the renderer's dispatcher after each refresh of the feed.</summary>
    protected virtual Task RefreshAsync()
    {
        StateHasChanged();
        return Task.CompletedTask;
    }

    protected virtual void Dispose(bool disposing) => _subscription?.Dispose();
}
