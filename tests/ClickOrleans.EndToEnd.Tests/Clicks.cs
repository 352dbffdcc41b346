using System.Text;
using ClickOrleans.Pipeline;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.EndToEnd.Tests;

/// <summary>Valid clicks as Kafka keys and values.</summary>
internal static class Clicks
{
    public static IEnumerable<(byte[]? Key, byte[]? Value)> Of(string kind, int count) =>
        Enumerable.Range(0, count).Select(number => Of(kind, number, "Ede"));

    public static (byte[]? Key, byte[]? Value) Of(string kind, int number, string city)
    {
        var user = $"{kind} user {number % 100}";
        var time = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc).AddSeconds(number);
        var click = new Click(user, time, $"/{kind}/{number % 10}", "NL", city, "Firefox", "Linux", "desktop");
        return (Encoding.UTF8.GetBytes(user), ClickEncoder.Encode(click));
    }
}
