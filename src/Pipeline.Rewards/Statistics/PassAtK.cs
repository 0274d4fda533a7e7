namespace Pipeline.Rewards.Statistics;

/// <summary>The chance that at least one of k samples is right.</summary>
public static class PassAtK
{
    /// <summary>
    /// Unbiased estimate from more samples than k (M. Chen et al., arXiv:2107.03374): <c>1 - C(n - c, k) / C(n, k)</c>. For k = 1 this is
    /// <c>c / n</c>, the paper's pass@1.
    /// </summary>
    /// <param name="graded">
    /// n: the samples of one prompt that were graded. Not those asked for: what was never graded is not wrong.
    /// </param>
    /// <param name="correct">c: how many of them are right.</param>
    /// <param name="k">At most n.</param>
    /// <returns>0 to 1.</returns>
    public static double Of(int graded, int correct, int k = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(graded, k);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, graded);
        // C(n-c, k) / C(n, k) as a product of k factors below 1; the binomials themselves overflow.
        var allWrong = 1.0;
        for (var i = 0; i < k; i++) allWrong *= Math.Max(0, graded - correct - i) / (double)(graded - i);
        return 1 - allWrong;
    }
}
