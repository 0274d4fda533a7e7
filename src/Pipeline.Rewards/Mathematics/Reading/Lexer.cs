using System.Text.RegularExpressions;

namespace Pipeline.Rewards.Mathematics.Reading;

/// <summary>Cuts LaTeX or plain text into tokens, leaving out what only changes its looks.</summary>
internal sealed partial class Lexer
{
    /// <summary>Letters side by side that are a product of variables; more are a word.</summary>
    public const int MaxVariables = 3;

    private static readonly HashSet<string> s_functionNames =
    [
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln", "log", "exp", "sqrt", "pi",
    ];

    /// <summary>Commands that change how a formula looks and not what it says.</summary>
    private static readonly HashSet<string> s_looks =
    [
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle", "limits", "quad", "qquad",
        "thinspace", "!", ",", ";", ":", " ", "(", ")", "[", "]", ">",
    ];

    private static readonly HashSet<string> s_textWrappers =
        ["text", "mbox", "textbf", "textit", "textrm", "mathrm", "mathbf", "mathit", "mathsf", "operatorname", "hbox", "bf", "rm"];

    /// <summary>One spelling for commands and signs that mean the same.</summary>
    private static readonly Dictionary<string, Token> s_commands = new()
    {
        ["dfrac"] = Command("frac"), ["tfrac"] = Command("frac"), ["cfrac"] = Command("frac"), ["dbinom"] = Command("binom"),
        ["cdot"] = Sign('*'), ["times"] = Sign('*'), ["ast"] = Sign('*'), ["div"] = Sign('/'), ["pm"] = Sign('±'), ["mp"] = Sign('∓'),
        ["le"] = Sign('≤'), ["leq"] = Sign('≤'), ["leqslant"] = Sign('≤'), ["ge"] = Sign('≥'), ["geq"] = Sign('≥'), ["geqslant"] = Sign('≥'),
        ["lt"] = Sign('<'), ["gt"] = Sign('>'), ["ne"] = Sign('≠'), ["neq"] = Sign('≠'), ["in"] = Sign('∈'), ["cup"] = Sign('∪'),
        ["infty"] = Sign('∞'), ["pi"] = Sign('π'), ["circ"] = Sign('°'), ["degree"] = Sign('°'), ["%"] = Sign('%'),
        ["{"] = Sign('⦃'), ["}"] = Sign('⦄'), ["lbrace"] = Sign('⦃'), ["rbrace"] = Sign('⦄'), ["|"] = Sign('|'), ["vert"] = Sign('|'),
        ["lvert"] = Sign('|'), ["rvert"] = Sign('|'), ["mid"] = Sign('|'), ["$"] = Sign('$'), ["pounds"] = Sign('£'), ["euro"] = Sign('€'),
        ["emptyset"] = Sign('∅'), ["varnothing"] = Sign('∅'), ["colon"] = Sign(':'), ["sqrt"] = Command("sqrt"), ["vee"] = Word("or"),
        ["lor"] = Word("or"), ["wedge"] = Word("and"), ["land"] = Word("and"), ["lbrack"] = Sign('['), ["rbrack"] = Sign(']'),
        ["langle"] = Sign('('), ["rangle"] = Sign(')'),
        ["\\"] = Command("newline"), ["cr"] = Command("newline"),
    };

    private static readonly Dictionary<char, Token> s_signs = new()
    {
        ['\u2212'] = Sign('-'), ['\u2013'] = Sign('-'), ['\u00b7'] = Sign('*'), ['\u22c5'] = Sign('*'), ['\u00d7'] = Sign('*'), ['\u00f7'] = Sign('/'),
        ['\u221a'] = Command("√"), ['\u00ba'] = Sign('°'), ['\u2264'] = Sign('≤'), ['\u2265'] = Sign('≥'), ['\u222a'] = Sign('∪'),
        ['\u2044'] = Sign('/'), ['\u2215'] = Sign('/'),
    };

    private readonly string _text;
    private readonly Budget _budget;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _brackets; // open ones that are content, where a comma parts items and never thousands
    private bool _isApart;

    private Lexer(string text, Budget budget) => (_text, _budget) = (text, budget);

    /// <exception cref="MathFailure">A letter or sign of no meaning, or text that does not end.</exception>
    public static List<Token> Tokens(string text, Budget budget)
    {
        var lexer = new Lexer(text.TrimEnd(' ', '\t', '\r', '\n', '.', '\\'), budget);
        while (lexer._at < lexer._text.Length) lexer.Next();
        return lexer._tokens;
    }

    public static bool IsFunctionName(string word) => s_functionNames.Contains(word);

    private static Token Sign(char sign) => new(TokenKind.Sign, sign.ToString());

    private static Token Command(string name) => new(TokenKind.Command, name);

    private static Token Word(string word) => new(TokenKind.Word, word);

    private void Next()
    {
        _budget.Spend();
        var sign = _text[_at];
        if (char.IsWhiteSpace(sign) || sign is '~' or '\u200b')
        {
            _isApart = true;
            _at++;
        }
        else if (sign == '$') _at++; // around a formula, or before an amount: nobody can tell, and neither changes the number
        else if (sign == '\\') ReadCommand();
        else if (char.IsAsciiDigit(sign) || (sign == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))) ReadNumber();
        else if (char.IsAsciiLetter(sign)) ReadLetters();
        else if (string.CompareOrdinal(_text, _at, "{,}", 0, 3) == 0)
        {
            _at += 3;
            Add(Sign(','));
        }
        else
        {
            _at++;
            Add(s_signs.TryGetValue(sign, out var token) ? token : Sign(sign));
        }
    }

    private void Add(Token token)
    {
        if (token.Kind == TokenKind.Sign) _brackets += token.Text[0] switch { '(' or '[' or '⦃' => 1, ')' or ']' or '⦄' => -1, _ => 0 };
        _tokens.Add(token with { IsApart = _isApart });
        _isApart = false;
    }

    private void ReadCommand()
    {
        var start = ++_at;
        if (_at == _text.Length) return;
        while (_at < _text.Length && char.IsAsciiLetter(_text[_at])) _at++;
        if (_at == start) _at++;
        var name = _text[start.._at];
        if (s_looks.Contains(name)) _isApart |= name is not ("left" or "right" or "!");
        else if (s_textWrappers.Contains(name)) ReadText();
        else Add(s_commands.TryGetValue(name, out var token) ? token : Command(name));
    }

    private void ReadText()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
        if (_at == _text.Length || _text[_at] != '{') return; // \bf and \rm without braces
        var (start, depth) = (_at + 1, 0);
        do
        {
            if (_at == _text.Length) throw new MathFailure(MathFailureReason.Syntax);
            depth += _text[_at] switch { '{' => 1, '}' => -1, _ => 0 };
            _at++;
        }
        while (depth > 0);
        var text = _text[start..(_at - 1)].Replace('~', ' ').Replace(@"\ ", " ").Trim();
        // A number in upright letters is a number: \text{1011}_2. A percent sign, a currency and a formula likewise.
        if (text.Any(char.IsAsciiDigit) || text.Any(sign => sign is '\\' or '°' or '%' or '$' or '€' or '£'))
        {
            foreach (var token in Tokens(text, _budget)) Add(token);
        }
        else if (text.Length > 0) Add(new Token(TokenKind.Text, text));
    }

    private void ReadNumber()
    {
        var start = _at;
        SkipDigits();
        var digits = _text[start.._at];
        if (digits.Length is 1 or 2 or 3 && digits[0] != '0')
            while (Thousands(_brackets == 0).Match(_text, _at) is { Success: true } group)
            {
                digits += group.Groups[1].Value;
                _at += group.Length;
            }
        if (_at < _text.Length && _text[_at] == '.' && !(_at + 1 < _text.Length && _text[_at + 1] == '.'))
        {
            start = _at++;
            SkipDigits();
            digits += _text[start.._at];
        }
        if (Exponent().Match(_text, _at) is { Success: true } exponent && IsScientific(digits, exponent))
        {
            Add(new Token(TokenKind.Number, digits + "e" + exponent.Groups[2].Value));
            _at += exponent.Length;
        }
        else Add(new Token(TokenKind.Number, digits));
    }

    /// <summary>1e3, 1.5e-3, 2E-1 and 1e-05 are as programs print numbers; 2e-1 is what remains of twice Euler's number.</summary>
    private static bool IsScientific(string mantissa, Match exponent)
    {
        var power = exponent.Groups[2].Value;
        return exponent.Groups[1].Value == "E" || char.IsAsciiDigit(power[0]) || mantissa.Contains('.') || power.Length > 2;
    }

    private void SkipDigits()
    {
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
    }

    private void ReadLetters()
    {
        var afterNumber = _tokens is [.., { Kind: TokenKind.Number }];
        if (afterNumber && HalfOfDay().Match(_text, _at) is { Success: true } half)
        {
            Add(Word(half.Value[0] + "m"));
            _at += half.Length;
            return;
        }
        var start = _at;
        while (_at < _text.Length && char.IsAsciiLetter(_text[_at])) _at++;
        var run = _text[start.._at];
        if (run == "sqrt") Add(Command("√"));
        else if (s_functionNames.Contains(run)) Add(s_commands.TryGetValue(run, out var token) ? token : Command(run));
        else if (run is "infinity" or "inf") Add(Sign('∞'));
        else if (run.Length > MaxVariables || run is "and" or "or" or "per" || (run.Length > 1 && afterNumber && Units.IsKnown(run))) Add(Word(run));
        else
            foreach (var letter in run) Add(new Token(TokenKind.Letter, letter.ToString()));
    }

    /// <summary>Three digits after a comma, in LaTeX's ways also between brackets: <c>1{,}234</c>, <c>1,\!234</c>.</summary>
    private static Regex Thousands(bool isCommaPlain) => isCommaPlain ? AnyThousands() : MarkedThousands();

    [GeneratedRegex(@"\G(?:,|\{,\}\s*|,\\!\s*|\\,)(\d{3})(?!\d)")] private static partial Regex AnyThousands();

    [GeneratedRegex(@"\G(?:\{,\}\s*|,\\!\s*|\\,)(\d{3})(?!\d)")] private static partial Regex MarkedThousands();

    [GeneratedRegex(@"\G([eE])([+-]?\d{1,4})(?![\d.])")] private static partial Regex Exponent();

    [GeneratedRegex(@"\G[ap]\.\s?m\b\.?", RegexOptions.IgnoreCase)] private static partial Regex HalfOfDay();
}
