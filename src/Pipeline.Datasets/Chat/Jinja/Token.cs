namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>What a piece of a template is.</summary>
internal enum TokenKind
{
    /// <summary>Template text outside of tags, white space already trimmed.</summary>
    Text,
    /// <summary><c>{{</c></summary>
    OpenOutput,
    /// <summary><c>}}</c></summary>
    CloseOutput,
    /// <summary><c>{%</c></summary>
    OpenBlock,
    /// <summary><c>%}</c></summary>
    CloseBlock,
    /// <summary>A name or keyword.</summary>
    Name,
    /// <summary>A string literal, escapes resolved.</summary>
    String,
    /// <summary>An integer literal.</summary>
    Integer,
    /// <summary>A number with a fraction.</summary>
    Float,
    /// <summary>Punctuation: <c>==</c>, <c>.</c>, <c>[</c> …</summary>
    Operator,
    /// <summary>The template is over.</summary>
    End,
}

/// <summary>A place in a template, both counted from 1.</summary>
internal readonly record struct Position(int Line, int Column)
{
    public DatasetException SyntaxError(string message) => new(DatasetErrors.TemplateSyntax, $"{this}: {message}");

    public DatasetException RenderError(string message) => new(DatasetErrors.TemplateRender, $"{this}: {message}");

    public override string ToString() => $"Chat template, line {Line}, column {Column}";
}

/// <summary>A piece of a template.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, Position At)
{
    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.String => $"the string '{Text}'",
        _ => $"'{Text}'",
    };
}
