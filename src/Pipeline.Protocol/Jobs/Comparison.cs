using System.Text.Json.Serialization;

namespace Pipeline.Protocol.Jobs;

/// <summary>How two values are compared.</summary>
public enum Comparison
{
    /// <summary>Smaller.</summary>
    [JsonStringEnumMemberName("<")] Less,

    /// <summary>Smaller or equal.</summary>
    [JsonStringEnumMemberName("<=")] LessOrEqual,

    /// <summary>Larger.</summary>
    [JsonStringEnumMemberName(">")] Greater,

    /// <summary>Larger or equal.</summary>
    [JsonStringEnumMemberName(">=")] GreaterOrEqual,

    /// <summary>Equal.</summary>
    [JsonStringEnumMemberName("==")] Equal,

    /// <summary>Not equal.</summary>
    [JsonStringEnumMemberName("!=")] NotEqual,
}

/// <summary>Comparisons of numbers.</summary>
public static class ComparisonOfNumbers
{
    /// <summary>Whether <paramref name="value"/> stands to <paramref name="bound"/> like that; not-a-number stands to nothing.</summary>
    public static bool Holds(this Comparison op, double value, double bound) => !double.IsNaN(value) && !double.IsNaN(bound) && op switch
    {
        Comparison.Less => value < bound,
        Comparison.LessOrEqual => value <= bound,
        Comparison.Greater => value > bound,
        Comparison.GreaterOrEqual => value >= bound,
        Comparison.Equal => value == bound,
        _ => value != bound,
    };

    /// <summary>As it is written, such as <c>&gt;=</c>.</summary>
    public static string Sign(this Comparison op) => op switch
    {
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        Comparison.Equal => "==",
        _ => "!=",
    };
}
