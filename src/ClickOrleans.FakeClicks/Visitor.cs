namespace ClickOrleans.FakeClicks;

/// <summary>One of those who click: everything of a click but the page and the time stays the same.</summary>
public sealed record Visitor(string UserId, string Country, string City, string Browser, string Os, string Device);
