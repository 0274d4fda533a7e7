namespace Pipeline.Rewards.Mathematics;

/// <summary>What an expression depends on.</summary>
internal static class Variables
{
    /// <summary>Names, those that occur twice as often.</summary>
    public static IEnumerable<string> Of(Expression expression) => expression switch
    {
        Expression.Symbol { Name: var name } => Symbols.IsVariable(name) ? [name] : [],
        Expression.Sum sum => sum.Terms.SelectMany(Of),
        Expression.Product product => product.Factors.SelectMany(Of),
        Expression.Power power => Of(power.Base).Concat(Of(power.Exponent)),
        Expression.Call call => Of(call.Argument),
        _ => [],
    };
}
