namespace Pipeline.Server.Metrics;

/// <summary>
/// The exponential moving average that TensorBoard draws: each point keeps a share of the one before. Divided by the sum
/// of the weights so far (as in Adam, arXiv:1412.6980), so that it does not begin at zero.
/// </summary>
internal static class Smoothing
{
    /// <summary>The smoothed values.</summary>
    /// <param name="values">[n].</param>
    /// <param name="past">Share that comes from the past, from 0 to below 1.</param>
    /// <returns>[n].</returns>
    public static double[] Of(ReadOnlySpan<double> values, double past)
    {
        var smooth = new double[values.Length];
        var (sum, weight) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            (sum, weight) = (past * sum + (1 - past) * values[i], past * weight + (1 - past));
            smooth[i] = sum / weight;
        }
        return smooth;
    }
}
