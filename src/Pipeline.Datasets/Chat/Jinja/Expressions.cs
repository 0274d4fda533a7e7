namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>A part of a template that has a value, and where it stands, for errors.</summary>
internal abstract record Expression(Position At);

internal sealed record Literal(object? Value, Position At) : Expression(At);

internal sealed record ListLiteral(IReadOnlyList<Expression> Items, Position At) : Expression(At);

internal sealed record DictionaryLiteral(IReadOnlyList<(Expression Key, Expression Value)> Entries, Position At) : Expression(At);

internal sealed record Variable(string Name, Position At) : Expression(At);

/// <summary><c>target.key</c>, or <c>target[key]</c>; they differ only where the key is the name of a method.</summary>
internal sealed record Access(Expression Target, Expression Key, bool IsDot, Position At) : Expression(At);

internal sealed record Slice(Expression Target, Expression? Start, Expression? Stop, Expression? Step, Position At) : Expression(At);

internal sealed record Not(Expression Operand, Position At) : Expression(At);

internal sealed record Negative(Expression Operand, Position At) : Expression(At);

/// <summary>Two operands and one of <c>and or + - * / // % ** ~</c> between them.</summary>
internal sealed record Binary(string Operator, Expression Left, Expression Right, Position At) : Expression(At);

/// <summary><c>a &lt; b == c</c>: each neighbouring pair has to hold, as in Python.</summary>
internal sealed record Comparison(Expression First, IReadOnlyList<(string Operator, Expression Operand, Position At)> Rest, Position At) : Expression(At);

/// <summary><c>then if condition else otherwise</c>.</summary>
internal sealed record Conditional(Expression Then, Expression Condition, Expression? Otherwise, Position At) : Expression(At);

/// <summary><c>function(…)</c>: a built-in one or a macro.</summary>
internal sealed record FunctionCall(string Name, CallArguments Arguments, Position At) : Expression(At);

/// <summary><c>target.method(…)</c>.</summary>
internal sealed record MethodCall(Expression Target, string Name, CallArguments Arguments, Position At) : Expression(At);

/// <summary><c>value | filter(…)</c>.</summary>
internal sealed record FilterCall(Expression Value, string Name, CallArguments Arguments, Position At) : Expression(At);

/// <summary><c>value is test(…)</c>.</summary>
internal sealed record TestCall(Expression Value, string Name, CallArguments Arguments, Position At) : Expression(At);

/// <summary>What stands between the parentheses of a call.</summary>
internal sealed record CallArguments(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static CallArguments None { get; } = new([], []);
}
