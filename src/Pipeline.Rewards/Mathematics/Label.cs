namespace Pipeline.Rewards.Mathematics;

/// <summary>What an answer is called where it is given as an equation: the x of x = 5, which says no more than 5.</summary>
internal static class Label
{
    /// <summary>The name of a lone variable.</summary>
    public static string? Variable(Answer answer) =>
        answer is Answer.Value { Expression: Expression.Symbol { Name: var name } } && Symbols.IsVariable(name) ? name : null;

    /// <summary>
    /// The name and what it stands for: x = 5, x = 2 + 3 = 5, 5 = x, x ∈ [0,1], 2 &lt; x ≤ 5, f(x) = 2x, (x,y) = (1,2), area = 5.
    /// Null if the relation names nothing: x + y = 7 is no 7.
    /// </summary>
    public static (string Name, IReadOnlyList<Answer> Values)? Of(Answer.Relation relation)
    {
        if (Interval.Of(relation) is { } interval) return (interval.Variable, [interval.Values]);
        if (relation is not { Signs: ['∈'] } && !relation.Signs.All(sign => sign == '=')) return null;
        if (Name(relation.Sides[0]) is { } first) return (first, [.. relation.Sides.Skip(1)]);
        return relation is { Signs: ['='], Sides: [var value, var last] } && Name(last) is { } name ? (name, [value]) : null;
    }

    private static string? Name(Answer answer) => answer switch
    {
        Answer.Words { Text: var text } => text,
        Answer.Bracketed { Items: var items } when items.All(item => Variable(item) is not null) => string.Join(',', items.Select(Variable)),
        Answer.Value { Expression: Expression.Product { Factors: [Expression.Symbol { Name: "f" or "g" or "h" or "p" or "P" or "Q" } function, Expression.Symbol variable] } }
            => $"{function.Name}({variable.Name})",
        _ => Variable(answer),
    };
}
