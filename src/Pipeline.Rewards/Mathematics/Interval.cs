namespace Pipeline.Rewards.Mathematics;

/// <summary>Intervals, and inequalities that say the same: 2 &lt; x ≤ 5 and (2,5].</summary>
internal static class Interval
{
    private static readonly Expression.Symbol s_infinity = new(Symbols.Infinity);

    public static Answer.Bracketed RealNumbers { get; } = Between(Below, '<', '<', Above);

    private static Answer.Value Above => new(s_infinity, Unit: null, IsWorkedOut: true);

    private static Answer.Value Below => new(Expression.Negated(s_infinity), Unit: null, IsWorkedOut: true);

    /// <summary>The variable and its interval; null if the inequality does not bound one variable by what stands apart from it.</summary>
    public static (string Variable, Answer.Bracketed Values)? Of(Answer.Relation relation)
    {
        if (relation.Signs.All(sign => sign is '>' or '≥'))
            relation = new([.. relation.Sides.Reverse()], [.. relation.Signs.Reverse().Select(sign => sign == '>' ? '<' : '≤')]);
        if (!relation.Signs.All(sign => sign is '<' or '≤')) return null;
        return relation.Sides switch
        {
            [var low, var name, var high] when Label.Variable(name) is { } variable => (variable, Between(low, relation.Signs[0], relation.Signs[1], high)),
            [var name, var high] when Label.Variable(name) is { } variable => (variable, Between(Below, '<', relation.Signs[0], high)),
            [var low, var name] when Label.Variable(name) is { } variable => (variable, Between(low, relation.Signs[0], '<', Above)),
            _ => null,
        };
    }

    /// <summary>x &lt; 1 or x &gt; 2 as (-∞,1) ∪ (2,∞); null if they are not all inequalities on one variable.</summary>
    public static Answer.Union? Union(IReadOnlyList<Answer> inequalities)
    {
        var intervals = inequalities.OfType<Answer.Relation>().Select(Of).OfType<(string Variable, Answer.Bracketed Values)>().ToList();
        return intervals.Count == inequalities.Count && intervals.Select(interval => interval.Variable).Distinct().Count() == 1
            ? new Answer.Union([.. intervals.Select(interval => interval.Values)])
            : null;
    }

    private static Answer.Bracketed Between(Answer low, char left, char right, Answer high) =>
        new(left == '<' ? '(' : '[', [low, high], right == '<' ? ')' : ']');
}
