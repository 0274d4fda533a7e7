namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>A part of a template that writes something, or decides what is written.</summary>
internal abstract record Node;

internal sealed record TextNode(string Text) : Node;

internal sealed record OutputNode(Expression Value) : Node;

internal sealed record SetNode(string Name, Expression Value) : Node;

internal sealed record ForNode(string Name, Expression List, IReadOnlyList<Node> Body) : Node;

/// <summary>Branches tried in order; an <c>else</c> is a branch whose condition is the literal true.</summary>
internal sealed record IfNode(IReadOnlyList<(Expression Condition, IReadOnlyList<Node> Body)> Branches) : Node;

/// <summary>A part of a template that has a value, and where it stands, for errors.</summary>
internal abstract record Expression(Position At);

internal sealed record Literal(object? Value, Position At) : Expression(At);

internal sealed record Variable(string Name, Position At) : Expression(At);

/// <summary><c>target.key</c> or <c>target[key]</c>; in a chat template they mean the same.</summary>
internal sealed record Access(Expression Target, Expression Key, Position At) : Expression(At);

internal sealed record Not(Expression Operand, Position At) : Expression(At);

/// <summary>Two operands and one of <c>and or == != in + ~</c> between them.</summary>
internal sealed record Binary(string Operator, Expression Left, Expression Right, Position At) : Expression(At);

internal sealed record TrimFilter(Expression Value, Position At) : Expression(At);

internal sealed record RaiseException(Expression Message, Position At) : Expression(At);
