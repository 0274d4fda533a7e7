using System.Globalization;
using System.Text;

namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>
/// Cuts a template into tokens. White space is trimmed as transformers has Jinja do it: <c>trim_blocks</c> (the newline
/// after a block tag goes), <c>lstrip_blocks</c> (blanks before a block tag on its line go), the last newline of the
/// template goes; a <c>-</c> in a tag takes all white space on its side, a <c>+</c> leaves it all there.
/// </summary>
internal sealed class Lexer
{
    private static readonly string[] s_operators =
        ["==", "!=", "<=", ">=", "//", "**", .. "+-~.[](),|=:*/%<>{}".Select(sign => sign.ToString())];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private readonly List<int> _lineStarts = [0];
    private int _at;

    private Lexer(string source)
    {
        _source = source;
        for (var at = 0; at < source.Length; at++)
            if (source[at] == '\n') _lineStarts.Add(at + 1);
    }

    public static List<Token> Read(string template)
    {
        var source = template.Replace("\r\n", "\n").Replace('\r', '\n');
        var lexer = new Lexer(source.EndsWith('\n') ? source[..^1] : source);
        lexer.ReadTemplate();
        return lexer._tokens;
    }

    private void ReadTemplate()
    {
        var trimNext = Trim.Nothing;
        while (_at < _source.Length)
        {
            var tag = NextTag();
            ReadText(tag, trimNext);
            if (tag == _source.Length) break;
            _at = tag;
            trimNext = _source[tag + 1] switch { '{' => ReadTag("}}"), '%' => ReadTag("%}"), _ => ReadComment() };
        }
        Add(TokenKind.End, "", _source.Length);
    }

    private int NextTag()
    {
        for (var at = _at; at < _source.Length - 1; at++)
            if (_source[at] == '{' && _source[at + 1] is '{' or '%' or '#') return at;
        return _source.Length;
    }

    private void ReadText(int end, Trim trimStart)
    {
        var text = _source[_at..end];
        if (trimStart == Trim.WhiteSpace) text = PythonText.StripStart(text);
        else if (trimStart == Trim.Newline && text.StartsWith('\n')) text = text[1..];

        if (end < _source.Length)
        {
            var sign = end + 2 < _source.Length ? _source[end + 2] : ' ';
            if (sign == '-') text = PythonText.StripEnd(text);
            else if (sign != '+' && _source[end + 1] != '{') text = WithoutIndent(text, end);
        }
        if (text.Length > 0) Add(TokenKind.Text, text, _at);
    }

    /// <summary>Without the blanks at the end, if they are all there is before a tag on its line.</summary>
    private string WithoutIndent(string text, int end)
    {
        var indent = end - (_source.LastIndexOf('\n', Math.Max(end - 1, 0), end) + 1);
        return indent <= text.Length && PythonText.IsBlank(text.AsSpan(text.Length - indent)) ? text[..^indent] : text;
    }

    /// <returns>What to trim from the text after the tag.</returns>
    private Trim ReadTag(string close)
    {
        var isBlock = close == "%}";
        Add(isBlock ? TokenKind.OpenBlock : TokenKind.OpenOutput, _source.Substring(_at, 2), _at);
        var open = _at;
        _at += 2;
        if (Peek("-") || Peek("+")) _at++;
        for (var depth = 0; ;) // within brackets "}}" closes two of them
        {
            while (_at < _source.Length && PythonText.IsSpace(_source[_at])) _at++;
            if (_at == _source.Length) throw Place(open).SyntaxError($"this tag is not closed; '{close}' is missing.");
            var (trims, keeps) = (Peek("-" + close), isBlock && Peek("+" + close));
            if (depth == 0 && (trims || keeps || Peek(close)))
            {
                if (trims || keeps) _at++;
                Add(isBlock ? TokenKind.CloseBlock : TokenKind.CloseOutput, close, _at);
                _at += 2;
                return trims ? Trim.WhiteSpace : isBlock && !keeps ? Trim.Newline : Trim.Nothing;
            }
            depth += _source[_at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            ReadInner();
        }
    }

    private Trim ReadComment()
    {
        var end = _source.IndexOf("#}", _at + 2, StringComparison.Ordinal);
        if (end < 0) throw Place(_at).SyntaxError("this comment is not closed; '#}' is missing.");
        var sign = end > _at + 2 ? _source[end - 1] : ' ';
        _at = end + 2;
        return sign switch { '-' => Trim.WhiteSpace, '+' => Trim.Nothing, _ => Trim.Newline };
    }

    private void ReadInner()
    {
        var start = _at;
        var first = _source[_at];
        if (first is '\'' or '"') ReadString(first);
        else if (char.IsAsciiDigit(first)) ReadNumber();
        else if (char.IsAsciiLetter(first) || first == '_')
        {
            SkipWhile(sign => char.IsAsciiLetterOrDigit(sign) || sign == '_');
            Add(TokenKind.Name, _source[start.._at], start);
        }
        else if (Array.Find(s_operators, Peek) is { } sign)
        {
            Add(TokenKind.Operator, sign, start);
            _at += sign.Length;
        }
        else throw Place(start).SyntaxError($"the character '{first}' means nothing here.");
    }

    private void ReadNumber()
    {
        var start = _at;
        SkipWhile(char.IsAsciiDigit);
        var isWhole = true;
        if (Peek(".") && IsDigit(_at + 1)) SkipPart(1);
        if ((Peek("e-") || Peek("e+")) && IsDigit(_at + 2)) SkipPart(2);
        else if (Peek("e") && IsDigit(_at + 1)) SkipPart(1);
        Add(isWhole ? TokenKind.Integer : TokenKind.Float, _source[start.._at], start);

        void SkipPart(int sign)
        {
            isWhole = false;
            _at += sign;
            SkipWhile(char.IsAsciiDigit);
        }
    }

    private bool IsDigit(int at) => at < _source.Length && char.IsAsciiDigit(_source[at]);

    private void SkipWhile(Func<char, bool> belongs)
    {
        while (_at < _source.Length && belongs(_source[_at])) _at++;
    }

    private void ReadString(char quote)
    {
        var text = new StringBuilder();
        var start = _at++;
        for (; _at < _source.Length && _source[_at] != quote; _at++)
        {
            if (_source[_at] != '\\') text.Append(_source[_at]);
            else text.Append(Escape(++_at));
        }
        if (_at >= _source.Length) throw Place(start).SyntaxError("this string is not closed.");
        _at++;
        Add(TokenKind.String, text.ToString(), start);
    }

    private char Escape(int at) => (at < _source.Length ? _source[at] : '\0') switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '\\' => '\\',
        '\'' => '\'',
        '"' => '"',
        'x' => Code(digits: 2),
        'u' => Code(digits: 4),
        var other => throw Place(at - 1).SyntaxError(
            $"the escape '\\{other}' is not supported; use \\n, \\t, \\r, \\\\, \\', \\\", \\x41 or \\u0041."),
    };

    private char Code(int digits)
    {
        var end = Math.Min(_at + 1 + digits, _source.Length);
        if (!ushort.TryParse(_source.AsSpan((_at + 1)..end), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            throw Place(_at - 1).SyntaxError($"{digits} hexadecimal digits are expected after '\\{_source[_at]}'.");
        _at += digits;
        return (char)code;
    }

    private bool Peek(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;

    private void Add(TokenKind kind, string text, int at) => _tokens.Add(new Token(kind, text, Place(at)));

    private Position Place(int at)
    {
        var line = _lineStarts.BinarySearch(at);
        if (line < 0) line = ~line - 1;
        return new Position(line + 1, at - _lineStarts[line] + 1);
    }

    private enum Trim { Nothing, Newline, WhiteSpace }
}
