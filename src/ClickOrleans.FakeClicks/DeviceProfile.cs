namespace ClickOrleans.FakeClicks;

/// <summary>What visitors browse with: only combinations that exist.</summary>
/// <param name="Weight">Its share, in relation to the others.</param>
internal sealed record DeviceProfile(string Device, string Os, string Browser, float Weight)
{
    public static readonly DeviceProfile[] All =
    [
        new("Mobile", "Android", "Chrome Mobile", 30),
        new("Mobile", "Android", "Samsung Internet", 5),
        new("Mobile", "Android", "Firefox Mobile", 1),
        new("Mobile", "iOS", "Mobile Safari", 17),
        new("Mobile", "iOS", "Chrome iOS", 2),
        new("Desktop", "Windows", "Chrome", 18),
        new("Desktop", "Windows", "Edge", 7),
        new("Desktop", "Windows", "Firefox", 3),
        new("Desktop", "macOS", "Safari", 5),
        new("Desktop", "macOS", "Chrome", 4),
        new("Desktop", "macOS", "Firefox", 1),
        new("Desktop", "Linux", "Firefox", 1.5f),
        new("Desktop", "Linux", "Chrome", 1.5f),
        new("Desktop", "ChromeOS", "Chrome", 1),
        new("Tablet", "iPadOS", "Mobile Safari", 2),
        new("Tablet", "Android", "Chrome Mobile", 1),
    ];
}
