using System.Text;

namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>
/// Cuts a template into tokens. White space is trimmed as transformers has Jinja do it: <c>trim_blocks</c> (the newline
/// after a block tag goes), <c>lstrip_blocks</c> (blanks before a block tag on its line go), the last newline of the
/// template goes, and a <c>-</c> in a tag takes all white space on its side.
/// </summary>
internal sealed class Lexer
{
    private static readonly string[] s_operators =
        ["==", "!=", "<=", ">=", "//", "**", .. "+-~.[](),|=:*/%<>{}".Select(sign => sign.ToString())];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;

    private Lexer(string source) => _source = source;

    public static List<Token> Read(string template)
    {
        var source = template.ReplaceLineEndings("\n");
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
        if (trimStart == Trim.WhiteSpace) text = text.TrimStart();
        else if (trimStart == Trim.Newline && text.StartsWith('\n')) text = text[1..];

        if (end < _source.Length)
        {
            var isOutput = _source[end + 1] == '{';
            if (end + 2 < _source.Length && _source[end + 2] == '-') text = text.TrimEnd();
            else if (!isOutput)
            {
                var blanks = text.Length - text.TrimEnd(' ', '\t').Length;
                var lineStart = end - blanks;
                if (lineStart == 0 || _source[lineStart - 1] == '\n') text = text[..^blanks];
            }
        }
        if (text.Length > 0) Add(TokenKind.Text, text, _at);
    }

    /// <returns>What to trim from the text after the tag.</returns>
    private Trim ReadTag(string close)
    {
        var isBlock = close == "%}";
        Add(isBlock ? TokenKind.OpenBlock : TokenKind.OpenOutput, _source.Substring(_at, 2), _at);
        var open = _at;
        _at += 2;
        if (Peek("-")) _at++;
        while (true)
        {
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at])) _at++;
            if (_at == _source.Length) throw Place(open).SyntaxError($"this tag is not closed; '{close}' is missing.");
            var trims = Peek("-" + close);
            if (trims || Peek(close))
            {
                if (trims) _at++;
                Add(isBlock ? TokenKind.CloseBlock : TokenKind.CloseOutput, close, _at);
                _at += 2;
                return trims ? Trim.WhiteSpace : isBlock ? Trim.Newline : Trim.Nothing;
            }
            ReadInner();
        }
    }

    private Trim ReadComment()
    {
        var end = _source.IndexOf("#}", _at + 2, StringComparison.Ordinal);
        if (end < 0) throw Place(_at).SyntaxError("this comment is not closed; '#}' is missing.");
        _at = end + 2;
        return _source[end - 1] == '-' ? Trim.WhiteSpace : Trim.Newline;
    }

    private void ReadInner()
    {
        var start = _at;
        var first = _source[_at];
        if (first is '\'' or '"') ReadString(first);
        else if (char.IsAsciiDigit(first)) ReadWhile(TokenKind.Integer, char.IsAsciiDigit);
        else if (char.IsAsciiLetter(first) || first == '_')
            ReadWhile(TokenKind.Name, sign => char.IsAsciiLetterOrDigit(sign) || sign == '_');
        else if (Array.Find(s_operators, Peek) is { } sign)
        {
            Add(TokenKind.Operator, sign, start);
            _at += sign.Length;
        }
        else throw Place(start).SyntaxError($"the character '{first}' means nothing here.");
    }

    private void ReadWhile(TokenKind kind, Func<char, bool> belongs)
    {
        var start = _at;
        while (_at < _source.Length && belongs(_source[_at])) _at++;
        Add(kind, _source[start.._at], start);
    }

    private void ReadString(char quote)
    {
        var text = new StringBuilder();
        var start = _at++;
        for (; _at < _source.Length && _source[_at] != quote; _at++)
            text.Append(_source[_at] == '\\' ? Escape(++_at) : _source[_at]);
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
        var other => throw Place(at - 1).SyntaxError(
            $"the escape '\\{other}' is not supported; use \\n, \\t, \\r, \\\\, \\' or \\\"."),
    };

    private bool Peek(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;

    private void Add(TokenKind kind, string text, int at) => _tokens.Add(new Token(kind, text, Place(at)));

    private Position Place(int at)
    {
        var before = _source.AsSpan(0, Math.Min(at, _source.Length));
        return new Position(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    private enum Trim { Nothing, Newline, WhiteSpace }
}
