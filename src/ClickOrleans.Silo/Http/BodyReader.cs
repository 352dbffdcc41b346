using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ClickOrleans.Pipeline.Configuration;
using ClickOrleans.Pipeline.Control;

namespace ClickOrleans.Silo.Http;

/// <summary>Reads the members of a JSON body and gathers every error; a member that nobody reads is an error too.</summary>
internal sealed class BodyReader
{
    private const int ShownLength = 60;

    private readonly Dictionary<string, JsonElement> _members = [];
    private readonly HashSet<string> _known = [];
    private readonly List<ValidationError> _errors = [];

    public BodyReader(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            _errors.Add(NotAllowed("body", body, "JSON objects"));
            return;
        }

        foreach (var member in body.EnumerateObject())
        {
            _members[member.Name] = member.Value;
        }
    }

    /// <summary>To be read last: a member is known once it has been asked for.</summary>
    public IEnumerable<ValidationError> Errors =>
        _errors.Concat(_members.Keys.Except(_known).Select(name => ValidationError.Unknown(name, _known)));

    public T Number<T>(string name, T otherwise)
        where T : struct, INumber<T>
    {
        if (Find(name) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind == JsonValueKind.Number
            && T.TryParse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        _errors.Add(NotAllowed(name, value, OptionText.Allowed(typeof(T))));
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

        _errors.Add(NotAllowed(name, value, OptionText.Allowed(typeof(bool))));
        return otherwise;
    }

    /// <returns>Null where the member is absent or null.</returns>
    public string? Text(string name)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        _errors.Add(NotAllowed(name, value, "texts"));
        return null;
    }

    /// <summary>A <see cref="Pipeline.Configuration.Duration"/>, as a text or a number.</summary>
    /// <inheritdoc cref="Text" path="/returns"/>
    public TimeSpan? Time(string name)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.Number or JsonValueKind.String && Duration.TryParse(value.ToString(), out var time))
        {
            return time;
        }

        _errors.Add(NotAllowed(name, value, Duration.Allowed));
        return null;
    }

    private static ValidationError NotAllowed(string name, JsonElement value, string allowed)
    {
        var text = value.ToString();
        return ValidationError.NotAllowed(name, text.Length <= ShownLength ? text : text[..ShownLength] + "...", allowed);
    }

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _members.TryGetValue(name, out var value) ? value : null;
    }
}
