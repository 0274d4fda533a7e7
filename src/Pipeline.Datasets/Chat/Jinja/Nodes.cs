namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>A part of a template that writes something, or decides what is written.</summary>
internal abstract record Node;

internal sealed record TextNode(string Text) : Node;

internal sealed record OutputNode(Expression Value) : Node;

/// <summary><c>set a = …</c>, or <c>set a, b = …</c> of a list as long as the names.</summary>
internal sealed record SetNode(IReadOnlyList<string> Names, Expression Value) : Node;

/// <summary><c>set ns.member = …</c>, of a namespace.</summary>
internal sealed record SetMemberNode(string Name, string Member, Expression Value, Position At) : Node;

/// <summary><c>set name</c> … <c>endset</c>: what is written in between becomes the value.</summary>
internal sealed record SetBlockNode(string Name, IReadOnlyList<Node> Body) : Node;

/// <summary><c>for names in list if condition</c>, with an <c>else</c> for a list of nothing.</summary>
internal sealed record ForNode(
    IReadOnlyList<string> Names, Expression List, Expression? Condition, IReadOnlyList<Node> Body, IReadOnlyList<Node> Else) : Node;

/// <summary>Branches tried in order; an <c>else</c> is a branch whose condition is the literal true.</summary>
internal sealed record IfNode(IReadOnlyList<(Expression Condition, IReadOnlyList<Node> Body)> Branches) : Node;

internal sealed record MacroNode(string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Node> Body) : Node;

/// <summary><c>generation</c> … <c>endgeneration</c>: marks for transformers what the assistant writes; its scope is its own.</summary>
internal sealed record GenerationNode(IReadOnlyList<Node> Body) : Node;

/// <summary><c>break</c> or <c>continue</c>.</summary>
internal sealed record LeaveNode(Flow Flow) : Node;

/// <summary>How a body of nodes ended.</summary>
internal enum Flow
{
    /// <summary>With its last node.</summary>
    Next,
    /// <summary>The loop's next iteration is to begin.</summary>
    Continue,
    /// <summary>The loop is to end.</summary>
    Break,
}
