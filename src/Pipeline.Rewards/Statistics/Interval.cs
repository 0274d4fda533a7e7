namespace Pipeline.Rewards.Statistics;

/// <summary>A share and its 95 % confidence interval, which lies between 0 and 1: made by <see cref="Bootstrap"/> or <see cref="Wilson"/>.</summary>
/// <param name="Value">The share.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="StandardError">Spread of the share between repetitions; null for a single prompt, of which none can be told.</param>
/// <param name="Count">n, the prompts or answers it is made of.</param>
public sealed record Interval(double Value, double Low, double High, double? StandardError, int Count)
{
    /// <summary>Share of the intervals that are to hold the truth.</summary>
    internal const double Coverage = 0.95;
}
