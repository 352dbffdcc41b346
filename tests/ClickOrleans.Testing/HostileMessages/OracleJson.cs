using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ClickOrleans.Testing.HostileMessages;

internal enum OracleKind
{
    Null,
    String,
    Number,
    Other,
}

/// <param name="Text">The text of a string, the digits of a number, else nothing.</param>
internal sealed record OracleValue(OracleKind Kind, string Text = "");

/// <summary>An independent JSON parser (RFC 8259) for the members or elements of the outermost object or array.</summary>
internal sealed partial class OracleJson
{
    private readonly string _text;
    private int _at;

    private OracleJson(string text) => _text = text;

    /// <summary>Null unless it is an object. Of a repeated name the last.</summary>
    public Dictionary<string, OracleValue>? Members { get; private set; }

    /// <summary>Null unless it is an array.</summary>
    public List<OracleValue>? Elements { get; private set; }

    /// <exception cref="FormatException">It is not exactly one JSON value.</exception>
    public static OracleJson Parse(string text)
    {
        var json = new OracleJson(text);
        switch (json.Peek())
        {
            case '{':
                json.Members = new Dictionary<string, OracleValue>(StringComparer.Ordinal);
                json.ReadList('}', () =>
                {
                    var name = json.ReadName();
                    json.Members[name] = json.ReadValue();
                });
                break;
            case '[':
                json.Elements = [];
                json.ReadList(']', () => json.Elements.Add(json.ReadValue()));
                break;
            default:
                json.ReadValue();
                break;
        }

        return json.Peek() == '\uFFFF' && json._at == text.Length ? json : throw json.Malformed();
    }

    private void ReadList(char end, Action readItem)
    {
        _at++;
        if (TryTake(end))
        {
            return;
        }

        do
        {
            readItem();
        }
        while (TryTake(','));
        Take(end);
    }

    private string ReadName()
    {
        Peek();
        var name = ReadString();
        Take(':');
        return name;
    }

    private OracleValue ReadValue()
    {
        switch (Peek())
        {
            case '"':
                return new OracleValue(OracleKind.String, ReadString());
            case '{' or '[':
                SkipNested();
                return new OracleValue(OracleKind.Other);
            case 'n':
                return ReadWord("null", OracleKind.Null);
            case 't':
                return ReadWord("true", OracleKind.Other);
            case 'f':
                return ReadWord("false", OracleKind.Other);
            default:
                var number = Number().Match(_text, _at);
                _at += number.Success ? number.Length : throw Malformed();
                return new OracleValue(OracleKind.Number, number.Value);
        }
    }

    /// <summary>Not recursive, because the depth is unlimited.</summary>
    private void SkipNested()
    {
        var ends = new Stack<char>();
        do
        {
            // In front of a value.
            if (Peek() is '{' or '[')
            {
                ends.Push(_text[_at++] == '{' ? '}' : ']');
                if (Peek() != ends.Peek())
                {
                    SkipNameOf(ends.Peek());
                    continue;
                }
            }
            else
            {
                ReadValue();
            }

            // Behind a value, or in front of the end of an empty list.
            while (ends.Count > 0 && TryTake(ends.Peek()))
            {
                ends.Pop();
            }

            if (ends.Count > 0)
            {
                Take(',');
                SkipNameOf(ends.Peek());
            }
        }
        while (ends.Count > 0);
    }

    private void SkipNameOf(char end)
    {
        if (end == '}')
        {
            ReadName();
        }
    }

    private string ReadString()
    {
        if (_at >= _text.Length || _text[_at++] != '"')
        {
            throw Malformed();
        }

        var value = new StringBuilder();
        while (true)
        {
            var character = _at < _text.Length ? _text[_at++] : throw Malformed();
            switch (character)
            {
                case '"':
                    return value.ToString();
                case < ' ':
                    throw Malformed();
                case '\\':
                    value.Append(ReadEscape());
                    break;
                default:
                    value.Append(character);
                    break;
            }
        }
    }

    private char ReadEscape()
    {
        var escape = Escape().Match(_text, _at);
        _at += escape.Success ? escape.Length : throw Malformed();
        return escape.Value[0] switch
        {
            'u' => (char)ushort.Parse(escape.Value[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            var itself => itself,
        };
    }

    private OracleValue ReadWord(string word, OracleKind kind)
    {
        _at += string.CompareOrdinal(_text, _at, word, 0, word.Length) == 0 ? word.Length : throw Malformed();
        return new OracleValue(kind);
    }

    /// <summary>The next character that is no white space; U+FFFF at the end.</summary>
    private char Peek()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }

        return _at < _text.Length ? _text[_at] : '\uFFFF';
    }

    private bool TryTake(char character)
    {
        var found = Peek() == character;
        _at += found ? 1 : 0;
        return found;
    }

    private void Take(char character)
    {
        if (!TryTake(character))
        {
            throw Malformed();
        }
    }

    private FormatException Malformed() => new($"Not JSON at character {_at}.");

    [GeneratedRegex(@"\G-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\G([""\\/bfnrt]|u[0-9a-fA-F]{4})")]
    private static partial Regex Escape();
}
