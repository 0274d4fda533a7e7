namespace Pipeline.Rewards.Mathematics.Reading;

/// <summary>A piece of an answer's text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The number's digits, the command's name without its backslash, the sign itself, the text.</param>
/// <param name="IsApart">Whether white space stands before it.</param>
internal readonly record struct Token(TokenKind Kind, string Text, bool IsApart = false)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;

    public bool IsSign(char sign) => Kind == TokenKind.Sign && Text[0] == sign;

    public bool IsCommand(string name) => Is(TokenKind.Command, name);
}

/// <summary>What a piece of text is.</summary>
internal enum TokenKind
{
    /// <summary>Nothing more.</summary>
    End,

    /// <summary>Digits with at most one point, thousands separators taken out.</summary>
    Number,

    /// <summary>One letter, a variable.</summary>
    Letter,

    /// <summary>A word that is no product of variables: a unit, a noun, "and".</summary>
    Word,

    /// <summary>What stood in <c>\text{}</c> or one of its kin.</summary>
    Text,

    /// <summary>A LaTeX command, or a function written without its backslash.</summary>
    Command,

    /// <summary>One sign; braces that are content are <c>⦃</c> and <c>⦄</c>.</summary>
    Sign,
}
