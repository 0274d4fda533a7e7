namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>
/// Makes a tree of tokens, one method a construct. Precedence, loosest first, as in Jinja: or, and, not,
/// comparison, +, ~, then what follows a value (attribute, index, filter).
/// </summary>
internal sealed class Parser
{
    private const string Supported =
        "Supported are for, if/elif/else, set, ==, !=, in, not, and, or, +, ~, attributes, indices, the filter trim "
        + "and raise_exception.";

    private readonly List<Token> _tokens;
    private int _at;

    private Parser(List<Token> tokens) => _tokens = tokens;

    public static IReadOnlyList<Node> Parse(string template)
    {
        var parser = new Parser(Lexer.Read(template));
        var nodes = parser.ParseBody();
        if (parser.Current.Kind == TokenKind.End) return nodes;
        var stray = parser.Next(); // an {% elif %}, {% else %} or {% end… %} that closes nothing
        throw stray.At.SyntaxError($"'{parser.Current.Text}' without a block that it belongs to.");
    }

    private Token Current => _tokens[_at];

    private Token Next() => _tokens[_at++];

    /// <summary>Nodes up to the end or a tag that closes or continues a block, which is left for the caller.</summary>
    private List<Node> ParseBody()
    {
        var nodes = new List<Node>();
        while (Current.Kind != TokenKind.End && !AtBlock("elif", "else", "endif", "endfor"))
        {
            if (Current.Kind == TokenKind.Text) nodes.Add(new TextNode(Next().Text));
            else if (Next().Kind == TokenKind.OpenBlock) nodes.Add(ParseBlock());
            else
            {
                nodes.Add(new OutputNode(ParseExpression()));
                Expect(TokenKind.CloseOutput, "}}");
            }
        }
        return nodes;
    }

    private Node ParseBlock() => Next() switch
    {
        { Kind: TokenKind.Name, Text: "for" } => ParseFor(),
        { Kind: TokenKind.Name, Text: "if" } start => ParseIf(start),
        { Kind: TokenKind.Name, Text: "set" } => ParseSet(),
        var other => throw Unsupported(other, "block"),
    };

    private ForNode ParseFor()
    {
        var start = Current;
        var name = Expect(TokenKind.Name, "a name").Text;
        ExpectName("in");
        var list = ParseExpression();
        CloseBlock();
        var body = ParseBody();
        EndBlock("endfor", start);
        return new ForNode(name, list, body);
    }

    private IfNode ParseIf(Token start)
    {
        var branches = new List<(Expression, IReadOnlyList<Node>)>();
        var condition = ParseExpression();
        while (true)
        {
            CloseBlock();
            branches.Add((condition, ParseBody()));
            if (AtBlock("elif"))
            {
                _at += 2;
                condition = ParseExpression();
            }
            else if (AtBlock("else") && condition is not Literal { Value: true })
            {
                _at += 2;
                condition = new Literal(true, Current.At);
            }
            else break;
        }
        EndBlock("endif", start);
        return new IfNode(branches);
    }

    private SetNode ParseSet()
    {
        var name = Expect(TokenKind.Name, "a name").Text;
        ExpectOperator("=");
        var value = ParseExpression();
        CloseBlock();
        return new SetNode(name, value);
    }

    private Expression ParseExpression() => ParseLeft(ParseAnd, "or");

    private Expression ParseAnd() => ParseLeft(ParseNot, "and");

    private Expression ParseNot() =>
        AtName("not") && Next() is var not ? new Not(ParseNot(), not.At) : ParseComparison();

    /// <summary>One comparison: Python would read <c>a == b == c</c> as two, and no template needs it.</summary>
    private Expression ParseComparison()
    {
        var left = ParseSum();
        if (!IsComparison) return left;
        var sign = Next();
        var negated = sign.Text == "not";
        if (negated) ExpectName("in");
        Expression comparison = new Binary(negated ? "in" : sign.Text, left, ParseSum(), sign.At);
        if (IsComparison) throw Unsupported(Current, "second comparison");
        return negated ? new Not(comparison, sign.At) : comparison;
    }

    private bool IsComparison => Current.Kind is TokenKind.Name or TokenKind.Operator
        && Current.Text is "==" or "!=" or "in" or "not";

    private Expression ParseSum() => ParseLeft(ParseConcatenation, "+");

    private Expression ParseConcatenation() => ParseLeft(ParseValue, "~");

    private Expression ParseLeft(Func<Expression> operand, params string[] operators)
    {
        var left = operand();
        while (Current.Kind is TokenKind.Name or TokenKind.Operator && operators.Contains(Current.Text))
        {
            var sign = Next();
            left = new Binary(sign.Text, left, operand(), sign.At);
        }
        return left;
    }

    private Expression ParseValue()
    {
        var value = ParsePrimary();
        while (Current.Kind == TokenKind.Operator)
        {
            switch (Current.Text)
            {
                case ".":
                    var dot = Next();
                    value = new Access(value, new Literal(Expect(TokenKind.Name, "an attribute").Text, dot.At), dot.At);
                    break;
                case "[":
                    var bracket = Next();
                    value = new Access(value, ParseIndex(), bracket.At);
                    ExpectOperator("]");
                    break;
                case "|":
                    var filter = _tokens[++_at];
                    if (filter.Text != "trim") throw Unsupported(filter, "filter");
                    _at++;
                    value = new TrimFilter(value, filter.At);
                    break;
                case "(":
                    throw Current.At.SyntaxError($"calling a function or method is not supported. {Supported}");
                default:
                    return value;
            }
        }
        return value;
    }

    /// <summary>An index may be negative, to count from the end; there is no other arithmetic with minus.</summary>
    private Expression ParseIndex()
    {
        if (Current is not { Kind: TokenKind.Operator, Text: "-" }) return ParseExpression();
        var minus = Next();
        return new Literal(-Integer(Expect(TokenKind.Integer, "an integer")), minus.At);
    }

    private Expression ParsePrimary()
    {
        var token = Next();
        switch (token.Kind)
        {
            case TokenKind.String: return new Literal(token.Text, token.At);
            case TokenKind.Integer: return new Literal(Integer(token), token.At);
            case TokenKind.Name when token.Text is "true" or "True": return new Literal(true, token.At);
            case TokenKind.Name when token.Text is "false" or "False": return new Literal(false, token.At);
            case TokenKind.Name when token.Text is "none" or "None": return new Literal(null, token.At);
            case TokenKind.Name when token.Text == "raise_exception":
                ExpectOperator("(");
                var message = ParseExpression();
                ExpectOperator(")");
                return new RaiseException(message, token.At);
            case TokenKind.Name when token.Text is not ("if" or "else" or "is" or "in" or "and" or "or" or "not"):
                return new Variable(token.Text, token.At);
            case TokenKind.Operator when token.Text == "(":
                var inner = ParseExpression();
                ExpectOperator(")");
                return inner;
            default: throw Unsupported(token, "expression");
        }
    }

    private static long Integer(Token token) =>
        long.TryParse(token.Text, out var value) ? value : throw token.At.SyntaxError($"{token.Text} is too large.");

    private bool AtName(string name) => Current.Kind == TokenKind.Name && Current.Text == name;

    private bool AtBlock(params string[] names) =>
        Current.Kind == TokenKind.OpenBlock && _tokens[_at + 1] is { Kind: TokenKind.Name } name && names.Contains(name.Text);

    private void CloseBlock() => Expect(TokenKind.CloseBlock, "%}");

    private void EndBlock(string name, Token start)
    {
        if (!AtBlock(name)) throw start.At.SyntaxError(Current.Kind == TokenKind.End
            ? $"this block is not closed; {{% {name} %}} is missing."
            : $"{{% {name} %}} is expected before {{% {_tokens[_at + 1].Text} %}} on line {Current.At.Line}.");
        _at += 2;
        CloseBlock();
    }

    private Token Expect(TokenKind kind, string what) =>
        Current.Kind == kind ? Next() : throw Unsupported(Current, $"{what} expected; construct");

    private void ExpectName(string name)
    {
        if (!AtName(name)) throw Unsupported(Current, $"'{name}' expected; construct");
        _at++;
    }

    private void ExpectOperator(string sign)
    {
        if (Current.Kind != TokenKind.Operator || Current.Text != sign) throw Unsupported(Current, $"'{sign}' expected; construct");
        _at++;
    }

    private static DatasetException Unsupported(Token token, string what) =>
        token.At.SyntaxError($"{what} {token} is not supported here. {Supported}");
}
