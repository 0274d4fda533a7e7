using System.Globalization;
using System.Text;

namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>
/// Python's <c>json.dumps(value, ensure_ascii=False)</c>, which is what transformers has <c>tojson</c> do; Jinja's own
/// escapes HTML and sorts keys.
/// </summary>
internal sealed class PythonJson
{
    private readonly StringBuilder _text = new();
    private readonly Position _at;
    private readonly int? _indent;

    private PythonJson(Position at, int? indent) => (_at, _indent) = (at, indent);

    /// <param name="value">What is written.</param>
    /// <param name="indent">Blanks a level; null writes one line.</param>
    /// <param name="at">Where in the template, for errors.</param>
    public static string Write(object? value, int? indent, Position at)
    {
        var json = new PythonJson(at, indent);
        json.Append(value, 1);
        return json._text.ToString();
    }

    private void Append(object? value, int depth)
    {
        switch (value)
        {
            case null: _text.Append("null"); break;
            case bool flag: _text.Append(flag ? "true" : "false"); break;
            case long number: _text.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: _text.Append(PythonText.Number(number)); break;
            case string text: AppendText(text); break;
            case IReadOnlyList<object?> list:
                Enclose('[', ']', list, depth, item => Append(item, depth + 1));
                break;
            case IReadOnlyDictionary<string, object?> fields:
                Enclose('{', '}', [.. fields], depth, field =>
                {
                    AppendText(field.Key);
                    _text.Append(": ");
                    Append(field.Value, depth + 1);
                });
                break;
            default: throw _at.RenderError($"{Values.Describe(value)} cannot be written as JSON.");
        }
    }

    private void Enclose<T>(char open, char close, IReadOnlyList<T> items, int depth, Action<T> append)
    {
        _text.Append(open);
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0) _text.Append(_indent is null ? ", " : ",");
            NewLine(depth);
            append(items[index]);
        }
        if (items.Count > 0) NewLine(depth - 1);
        _text.Append(close);
    }

    private void NewLine(int depth)
    {
        if (_indent is { } indent) _text.Append('\n').Append(' ', indent * depth);
    }

    private void AppendText(string text)
    {
        _text.Append('"');
        foreach (var sign in text)
            _ = sign switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append("\\\\"),
                '\n' => _text.Append("\\n"),
                '\r' => _text.Append("\\r"),
                '\t' => _text.Append("\\t"),
                '\b' => _text.Append("\\b"),
                '\f' => _text.Append("\\f"),
                < ' ' => _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)sign:x4}"),
                _ => _text.Append(sign),
            };
        _text.Append('"');
    }
}
