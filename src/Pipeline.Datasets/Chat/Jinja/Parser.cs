using Pipeline.Datasets.Chat.Jinja.BuiltIns;

namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>
/// Makes a tree of tokens, one method a construct. Every filter, test, method and function is looked up here, so a template
/// that needs one we do not have is refused when it is loaded and not when a conversation first takes that branch.
/// </summary>
internal sealed partial class Parser
{
    private const string Blocks = "for, if, set, macro, generation, break and continue";

    private readonly List<Token> _tokens;
    private readonly List<string> _macros = [];
    private readonly List<Token> _called = [];
    private int _at;

    private Parser(List<Token> tokens) => _tokens = tokens;

    /// <exception cref="DatasetException">It is not Jinja, or uses what is not supported.</exception>
    public static IReadOnlyList<Node> Parse(string template)
    {
        var parser = new Parser(Lexer.Read(template));
        try
        {
            var nodes = parser.ParseBody();
            if (parser.Current.Kind != TokenKind.End)
            {
                var stray = parser.Next(); // an {% elif %}, {% else %} or {% end… %} that closes nothing
                throw stray.At.SyntaxError($"'{parser.Current.Text}' without a block that it belongs to.");
            }
            parser.RequireFunctions();
            return nodes;
        }
        catch (InsufficientExecutionStackException)
        {
            throw parser.Current.At.SyntaxError("the template is nested too deeply.");
        }
    }

    /// <summary>A macro may be called above its definition, so functions are looked up when all are known.</summary>
    private void RequireFunctions()
    {
        foreach (var name in _called)
            if (!Functions.All.ContainsKey(name.Text) && !_macros.Contains(name.Text))
                throw Unknown(name, "function", [.. Functions.All.Keys, .. _macros]);
    }

    private Token Current => _tokens[_at];

    private Token Next() => _tokens[_at++];

    private bool AtName(params ReadOnlySpan<string> names) => Current.Kind == TokenKind.Name && names.Contains(Current.Text);

    private bool AtOperator(params ReadOnlySpan<string> signs) => Current.Kind == TokenKind.Operator && signs.Contains(Current.Text);

    private bool SkipName(string name) => AtName(name) && ++_at > 0;

    private bool SkipOperator(string sign) => AtOperator(sign) && ++_at > 0;

    private Token Expect(TokenKind kind, string what) =>
        Current.Kind == kind ? Next() : throw Unsupported(Current, $"{what} expected; construct");

    private void ExpectName(string name)
    {
        if (!SkipName(name)) throw Unsupported(Current, $"'{name}' expected; construct");
    }

    private void ExpectOperator(string sign)
    {
        if (!SkipOperator(sign)) throw Unsupported(Current, $"'{sign}' expected; construct");
    }

    private static DatasetException Unsupported(Token token, string what) =>
        token.At.SyntaxError($"{what} {token} is not supported here.");

    private static DatasetException Unknown(Token name, string what, IEnumerable<string> known) =>
        name.At.SyntaxError($"there is no {what} {name}; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
}
