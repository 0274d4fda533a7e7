namespace Pipeline.Datasets.Chat.Jinja;

/// <content>Blocks, <c>{% … %}</c>, and what is written, <c>{{ … }}</c>.</content>
internal sealed partial class Parser
{
    private static readonly string[] s_closing = ["elif", "else", "endif", "endfor", "endset", "endmacro", "endgeneration"];

    private int _loops;

    /// <summary>Nodes up to the end or a tag that closes or continues a block, which is left for the caller.</summary>
    private List<Node> ParseBody()
    {
        var nodes = new List<Node>();
        while (Current.Kind != TokenKind.End && !AtBlock(s_closing))
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
        { Kind: TokenKind.Name, Text: "for" } start => ParseFor(start),
        { Kind: TokenKind.Name, Text: "if" } start => ParseIf(start),
        { Kind: TokenKind.Name, Text: "set" } start => ParseSet(start),
        { Kind: TokenKind.Name, Text: "macro" } start => ParseMacro(start),
        { Kind: TokenKind.Name, Text: "generation" } start => ParseGeneration(start),
        { Kind: TokenKind.Name, Text: "break" } start => ParseLeave(start, Flow.Break),
        { Kind: TokenKind.Name, Text: "continue" } start => ParseLeave(start, Flow.Continue),
        var other => throw other.At.SyntaxError($"block {other} is not supported; {Blocks} are."),
    };

    private ForNode ParseFor(Token start)
    {
        var names = ParseNames();
        ExpectName("in");
        var list = ParseList(withCondition: false);
        var condition = SkipName("if") ? ParseExpression() : null;
        CloseBlock();
        _loops++;
        var body = ParseBody();
        _loops--;
        IReadOnlyList<Node> otherwise = SkipBlock("else") ? ParseBody() : [];
        EndBlock("endfor", start);
        return new ForNode(names, list, condition, body, otherwise);
    }

    private IfNode ParseIf(Token start)
    {
        var branches = new List<(Expression, IReadOnlyList<Node>)>();
        var condition = ParseExpression();
        CloseBlock();
        while (true)
        {
            branches.Add((condition, ParseBody()));
            if (AtBlock("elif"))
            {
                _at += 2;
                condition = ParseExpression();
                CloseBlock();
                continue;
            }
            var at = Current.At;
            if (SkipBlock("else")) branches.Add((new Literal(true, at), ParseBody()));
            EndBlock("endif", start);
            return new IfNode(branches);
        }
    }

    private Node ParseSet(Token start)
    {
        var target = Current;
        var names = ParseNames();
        if (names is [var name] && SkipOperator("."))
        {
            var member = Expect(TokenKind.Name, "a member").Text;
            ExpectOperator("=");
            return Closed(new SetMemberNode(name, member, ParseList(withCondition: true), target.At));
        }
        if (SkipOperator("=")) return Closed(new SetNode(names, ParseList(withCondition: true)));
        if (names.Count > 1) throw Unsupported(Current, "'=' expected; construct");
        CloseBlock();
        var body = ParseBody();
        EndBlock("endset", start);
        return new SetBlockNode(names[0], body);
    }

    private MacroNode ParseMacro(Token start)
    {
        var name = Expect(TokenKind.Name, "a name").Text;
        _macros.Add(name);
        ExpectOperator("(");
        var parameters = new List<(string, Expression?)>();
        while (!SkipOperator(")"))
        {
            if (parameters.Count > 0) ExpectOperator(",");
            var parameter = Expect(TokenKind.Name, "a parameter").Text;
            parameters.Add((parameter, SkipOperator("=") ? ParseExpression() : null));
        }
        CloseBlock();
        var loops = _loops;
        _loops = 0; // no break out of a macro
        var body = ParseBody();
        _loops = loops;
        EndBlock("endmacro", start);
        return new MacroNode(name, parameters, body);
    }

    private GenerationNode ParseGeneration(Token start)
    {
        CloseBlock();
        var body = ParseBody();
        EndBlock("endgeneration", start);
        return new GenerationNode(body);
    }

    private LeaveNode ParseLeave(Token start, Flow flow) =>
        _loops > 0 ? Closed(new LeaveNode(flow)) : throw start.At.SyntaxError($"{start} outside of a loop.");

    private List<string> ParseNames()
    {
        var names = new List<string>();
        do names.Add(Expect(TokenKind.Name, "a name").Text);
        while (SkipOperator(","));
        return names;
    }

    private bool AtBlock(params ReadOnlySpan<string> names) =>
        Current.Kind == TokenKind.OpenBlock && _tokens[_at + 1] is { Kind: TokenKind.Name } name && names.Contains(name.Text);

    private bool SkipBlock(string name)
    {
        if (!AtBlock(name)) return false;
        _at += 2;
        CloseBlock();
        return true;
    }

    private T Closed<T>(T node)
    {
        CloseBlock();
        return node;
    }

    private void CloseBlock() => Expect(TokenKind.CloseBlock, "%}");

    private void EndBlock(string name, Token start)
    {
        if (!AtBlock(name)) throw start.At.SyntaxError(Current.Kind == TokenKind.End
            ? $"this block is not closed; {{% {name} %}} is missing."
            : $"{{% {name} %}} is expected before {{% {_tokens[_at + 1].Text} %}} on line {Current.At.Line}.");
        _at += 2;
        CloseBlock();
    }
}
