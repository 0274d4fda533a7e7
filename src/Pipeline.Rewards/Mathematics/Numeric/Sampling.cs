using Fractions;

namespace Pipeline.Rewards.Mathematics.Numeric;

/// <summary>
/// Compares values at eight rational points to forty digits, for what the exact form cannot decide: nested roots, functions,
/// exponents with variables.
/// </summary>
internal static class Sampling
{
    private const int Points = 8;

    /// <summary>Points at which both sides have a value, without which nothing is said to be equal.</summary>
    private const int EnoughPoints = 3;

    /// <summary>2^-133 is below 10^-40.</summary>
    private const int EqualBits = 133;

    /// <summary>Whether the two agree wherever one of them has a value.</summary>
    public static bool AreEqual(Expression left, Expression right, Budget budget)
    {
        var variables = Variables.Of(left).Union(Variables.Of(right)).Order(StringComparer.Ordinal).ToList();
        var points = variables.Count == 0 ? 1 : Points;
        var agreed = 0;
        for (var point = 0; point < points; point++)
        {
            var values = variables.Select((name, index) => (name, Value: Coordinate(point, index))).ToDictionary(pair => pair.name, pair => pair.Value);
            var evaluation = new Evaluation(values, budget);
            var (a, b) = (TryEvaluate(evaluation, left), TryEvaluate(evaluation, right));
            if (a is null && b is null) continue;
            if (a is null || b is null || !Agree(a.Value, b.Value)) return false;
            agreed++;
        }
        return agreed >= Math.Min(points, EnoughPoints);
    }

    /// <summary>
    /// Of both signs, so that √(x²) is not x, some above one and some below; never the same twice, since the denominator tells the
    /// variable and the whole quarters tell the point: 1/7, 1/7 + 1/4, -1/7 - 1/2, … and 1/9, -1/9 - 1/4, ….
    /// </summary>
    private static Fraction Coordinate(int point, int variable)
    {
        var value = new Fraction(point, 4) + new Fraction(1, 7 + 2 * variable);
        return (point + variable) % 3 == 2 ? -value : value;
    }

    private static Complex? TryEvaluate(Evaluation evaluation, Expression expression)
    {
        try { return evaluation.Of(expression); }
        catch (MathFailure failure) when (failure.Reason == MathFailureReason.Undefined) { return null; }
    }

    private static bool Agree(Complex a, Complex b) =>
        a.IsZero || b.IsZero ? a.IsZero && b.IsZero : (a - b).Abs() is var difference && (difference.IsZero || difference.Scale < Math.Min(a.Abs().Scale, b.Abs().Scale) - EqualBits);
}
