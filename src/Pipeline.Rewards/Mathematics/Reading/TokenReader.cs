namespace Pipeline.Rewards.Mathematics.Reading;

/// <summary>Where a parser stands in its tokens.</summary>
/// <param name="tokens">All of them; a number may be split into its digits.</param>
/// <param name="budget">Reading costs steps, too.</param>
internal sealed class TokenReader(List<Token> tokens, Budget budget)
{
    /// <summary>Deep enough for mathematics, shallow enough for the stack: the tree is at most some levels a depth.</summary>
    private const int MaxDepth = 40;

    private static readonly Token s_end = new(TokenKind.End, " ");

    private int _depth;

    /// <summary>Index of the next token; may be set back.</summary>
    public int At { get; set; }

    public Token Next => Peek(0);

    public bool IsAtEnd => At >= tokens.Count;

    public Token Peek(int ahead) => At + ahead is >= 0 and var at && at < tokens.Count ? tokens[at] : s_end;

    public Token Take()
    {
        budget.Spend();
        var token = Next;
        At++;
        return token;
    }

    public bool TakeSign(char sign)
    {
        if (!Next.IsSign(sign)) return false;
        At++;
        return true;
    }

    public bool TakeCommand(string name)
    {
        if (!Next.IsCommand(name)) return false;
        At++;
        return true;
    }

    public void Expect(char sign)
    {
        if (!TakeSign(sign)) throw new MathFailure(MathFailureReason.Syntax);
    }

    /// <summary>TeX's rule: an argument without braces is one digit, so \frac12 is a half. The other digits become a token.</summary>
    public void SplitNumber()
    {
        if (Next is not { Kind: TokenKind.Number, Text.Length: > 1 } number) return;
        if (!char.IsAsciiDigit(number.Text[0])) throw new MathFailure(MathFailureReason.Syntax);
        tokens[At] = number with { Text = number.Text[..1] };
        tokens.Insert(At + 1, new Token(TokenKind.Number, number.Text[1..]));
    }

    /// <summary>Where the bracket that opens here is closed, and whether a comma is between at its own depth.</summary>
    public (int Close, bool HasComma) LookAhead()
    {
        var (depth, hasComma) = (0, false);
        for (var at = At; at < tokens.Count; at++)
        {
            budget.Spend();
            if (tokens[at].Kind != TokenKind.Sign) continue;
            switch (tokens[at].Text[0])
            {
                case '(' or '[' or '{' or '⦃': depth++; break;
                case ')' or ']' or '}' or '⦄' when --depth == 0: return (at, hasComma);
                case ',' or ';' when depth == 1: hasComma = true; break;
            }
        }
        throw new MathFailure(MathFailureReason.Syntax);
    }

    /// <summary>Reads something within something. Every way by which a parser can come back to itself leads through here.</summary>
    public T Nested<T>(Func<T> read)
    {
        if (++_depth > MaxDepth) throw new MathFailure(MathFailureReason.Budget);
        try { return read(); }
        finally { _depth--; }
    }
}
