using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Datasets.Chat.Jinja.BuiltIns;

namespace Pipeline.Datasets.Chat.Jinja;

/// <content>
/// Expressions. Precedence, loosest first, as in Jinja: if/else, or, and, not, comparison, + -, ~, * / // %, **, sign, then
/// what follows a value (attribute, index, call), filter and test.
/// </content>
internal sealed partial class Parser
{
    private static readonly string[] s_keywords = ["if", "else", "is", "in", "and", "or", "not", "recursive"];

    private Expression ParseExpression()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = ParseOr();
        while (AtName("if"))
        {
            var at = Next().At;
            var condition = ParseOr();
            value = new Conditional(value, condition, SkipName("else") ? ParseExpression() : null, at);
        }
        return value;
    }

    /// <summary>An expression, or several with commas between them, which are a list.</summary>
    /// <param name="withCondition">False where an <c>if</c> belongs to the loop and not to the value.</param>
    private Expression ParseList(bool withCondition)
    {
        var at = Current.At;
        var first = withCondition ? ParseExpression() : ParseOr();
        if (!AtOperator(",")) return first;
        var items = new List<Expression> { first };
        while (SkipOperator(",")) items.Add(withCondition ? ParseExpression() : ParseOr());
        return new ListLiteral(items, at);
    }

    private Expression ParseOr() => ParseLeft(ParseAnd, "or");

    private Expression ParseAnd() => ParseLeft(ParseNot, "and");

    private Expression ParseNot() => AtName("not") && Next() is var not ? new Not(ParseNot(), not.At) : ParseComparison();

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var rest = new List<(string, Expression, Position)>();
        while (AtOperator("==", "!=", "<", "<=", ">", ">=") || AtName("in") || AtName("not") && _tokens[_at + 1].Text == "in")
        {
            var sign = Next();
            if (sign.Text == "not") _at++;
            rest.Add((sign.Text == "not" ? "not in" : sign.Text, ParseSum(), sign.At));
        }
        return rest.Count == 0 ? first : new Comparison(first, rest, first.At);
    }

    private Expression ParseSum() => ParseLeft(ParseConcatenation, "+", "-");

    private Expression ParseConcatenation() => ParseLeft(ParseProduct, "~");

    private Expression ParseProduct() => ParseLeft(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower() => ParseLeft(() => ParseUnary(), "**");

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

    /// <summary>A sign binds tighter than a filter: <c>-1 | abs</c> is 1.</summary>
    private Expression ParseUnary(bool withFilters = true)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = AtOperator("-") && Next() is var minus ? new Negative(ParseUnary(withFilters: false), minus.At) : ParsePostfix(ParsePrimary());
        return withFilters ? ParseFilters(value) : value;
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            if (AtOperator(".") && Next() is var dot)
            {
                var name = Expect(TokenKind.Name, "an attribute");
                value = AtOperator("(") ? ParseMethod(value, name) : new Access(value, new Literal(name.Text, dot.At), IsDot: true, dot.At);
            }
            else if (AtOperator("[") && Next() is var bracket) value = ParseSubscript(value, bracket);
            else if (AtOperator("(")) throw Current.At.SyntaxError("only a name or a method can be called.");
            else return value;
        }
    }

    private MethodCall ParseMethod(Expression target, Token name)
    {
        if (!TextMethods.All.ContainsKey(name.Text) && !ObjectMethods.All.ContainsKey(name.Text))
            throw Unknown(name, "method", TextMethods.All.Keys.Concat(ObjectMethods.All.Keys));
        return new MethodCall(target, name.Text, ParseArguments(), name.At);
    }

    private Expression ParseSubscript(Expression target, Token bracket)
    {
        var parts = new List<Expression?> { AtOperator(":", "]") ? null : ParseExpression() };
        while (SkipOperator(":")) parts.Add(AtOperator(":", "]") ? null : ParseExpression());
        ExpectOperator("]");
        return parts switch
        {
            [{ } key] => new Access(target, key, IsDot: false, bracket.At),
            [var start, var stop] => new Slice(target, start, stop, null, bracket.At),
            [var start, var stop, var step] => new Slice(target, start, stop, step, bracket.At),
            _ => throw Unsupported(bracket, "index"),
        };
    }

    private Expression ParseFilters(Expression value)
    {
        while (true)
        {
            if (SkipOperator("|"))
            {
                var name = Expect(TokenKind.Name, "a filter");
                if (!Filters.All.ContainsKey(name.Text)) throw Unknown(name, "filter", Filters.All.Keys);
                value = new FilterCall(value, name.Text, AtOperator("(") ? ParseArguments() : CallArguments.None, name.At);
            }
            else if (SkipName("is")) value = ParseTest(value);
            else return value;
        }
    }

    private Expression ParseTest(Expression value)
    {
        var negated = SkipName("not");
        var name = Expect(TokenKind.Name, "a test");
        if (!Tests.All.ContainsKey(name.Text)) throw Unknown(name, "test", Tests.All.Keys);
        var test = new TestCall(value, name.Text, ParseTestArguments(), name.At);
        return negated ? new Not(test, name.At) : test;
    }

    /// <summary>A test may take its one argument without parentheses: <c>is divisibleby 3</c>.</summary>
    private CallArguments ParseTestArguments()
    {
        if (AtOperator("(")) return ParseArguments();
        var isArgument = Current.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float
            || Current.Kind == TokenKind.Name && !s_keywords.Contains(Current.Text) || AtOperator("[", "{");
        return isArgument ? new([ParsePostfix(ParsePrimary())], []) : CallArguments.None;
    }

    private CallArguments ParseArguments()
    {
        ExpectOperator("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        while (!SkipOperator(")"))
        {
            if (positional.Count + named.Count > 0)
            {
                ExpectOperator(",");
                if (SkipOperator(")")) break;
            }
            if (Current.Kind == TokenKind.Name && _tokens[_at + 1] is { Kind: TokenKind.Operator, Text: "=" })
            {
                var name = Next().Text;
                _at++;
                named.Add((name, ParseExpression()));
            }
            else if (named.Count == 0) positional.Add(ParseExpression());
            else throw Unsupported(Current, "an argument without a name after one with a name;");
        }
        return new(positional, named);
    }

    private Expression ParsePrimary()
    {
        var token = Next();
        switch (token.Kind)
        {
            case TokenKind.String:
                var text = token.Text;
                while (Current.Kind == TokenKind.String) text += Next().Text; // neighbours are one, as in Python
                return new Literal(text, token.At);
            case TokenKind.Integer:
                return new Literal(long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
                    ? whole : throw token.At.SyntaxError($"{token.Text} is too large."), token.At);
            case TokenKind.Float:
                return new Literal(double.Parse(token.Text, CultureInfo.InvariantCulture), token.At);
            case TokenKind.Name when token.Text is "true" or "True": return new Literal(true, token.At);
            case TokenKind.Name when token.Text is "false" or "False": return new Literal(false, token.At);
            case TokenKind.Name when token.Text is "none" or "None": return new Literal(null, token.At);
            case TokenKind.Name when AtOperator("("):
                _called.Add(token);
                return new FunctionCall(token.Text, ParseArguments(), token.At);
            case TokenKind.Name when !s_keywords.Contains(token.Text):
                return new Variable(token.Text, token.At);
            case TokenKind.Operator when token.Text == "(": return ParseParentheses(token);
            case TokenKind.Operator when token.Text == "[": return new ListLiteral(ParseItems("]", ParseExpression), token.At);
            case TokenKind.Operator when token.Text == "{": return new DictionaryLiteral(ParseItems("}", ParseEntry), token.At);
            default: throw Unsupported(token, "expression");
        }
    }

    /// <summary>An expression in parentheses, or a tuple, which is a list to us.</summary>
    private Expression ParseParentheses(Token open)
    {
        if (SkipOperator(")")) return new ListLiteral([], open.At);
        var first = ParseExpression();
        if (SkipOperator(")")) return first;
        ExpectOperator(",");
        return new ListLiteral([first, .. ParseItems(")", ParseExpression)], open.At);
    }

    private (Expression, Expression) ParseEntry()
    {
        var key = ParseExpression();
        ExpectOperator(":");
        return (key, ParseExpression());
    }

    private List<T> ParseItems<T>(string close, Func<T> parse)
    {
        var items = new List<T>();
        while (!SkipOperator(close))
        {
            items.Add(parse());
            if (!AtOperator(close)) ExpectOperator(",");
        }
        return items;
    }
}
