using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Silo.Http;

/// <summary>Reads the members of a JSON body and gathers every fault; members that are asked for by no one are faults too.</summary>
internal sealed class BodyReader
{
    private readonly Dictionary<string, JsonElement> _members = [];
    private readonly HashSet<string> _asked = [];
    private readonly List<ValidationError> _faults = [];

    public BodyReader(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            _faults.Add(new ValidationError("body", "The body must be a JSON object."));
            return;
        }

        foreach (var member in body.EnumerateObject())
        {
            _members[member.Name] = member.Value;
        }
    }

    public IEnumerable<ValidationError> Faults =>
        _faults.Concat(_members.Keys.Except(_asked).Select(name => new ValidationError(name, $"{name} is unknown; known are {string.Join(", ", _asked)}.")));

    public T Number<T>(string name, T otherwise)
        where T : struct, INumber<T>
    {
        if (Find(name) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number && T.TryParse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        _faults.Add(new ValidationError(name, $"{name} is {Quote(value)}; allowed is a {(typeof(T) == typeof(int) ? "whole " : "")}number."));
        return otherwise;
    }

    public bool Flag(string name, bool otherwise)
    {
        if (Find(name) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        _faults.Add(new ValidationError(name, $"{name} is {Quote(value)}; allowed is true or false."));
        return otherwise;
    }

    public string? Text(string name)
    {
        if (Find(name) is not { } value || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        _faults.Add(new ValidationError(name, $"{name} is {Quote(value)}; allowed is a text."));
        return null;
    }

    /// <summary>A time as <c>hh:mm:ss</c>, or as a number of seconds.</summary>
    public TimeSpan? Time(string name)
    {
        if (Find(name) is not { } value || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && Math.Abs(seconds) < TimeSpan.MaxValue.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        if (value.ValueKind == JsonValueKind.String && TimeSpan.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var time))
        {
            return time;
        }

        _faults.Add(new ValidationError(name, $"{name} is {Quote(value)}; allowed is a time as hh:mm:ss, or a number of seconds."));
        return null;
    }

    private static string Quote(JsonElement value) => value.GetRawText() is { Length: <= 60 } text ? text : value.GetRawText()[..60] + "...";

    private JsonElement? Find(string name)
    {
        _asked.Add(name);
        return _members.TryGetValue(name, out var value) ? value : null;
    }
}
