namespace Pipeline.Server.Metrics;

/// <summary>
/// Thins a curve for drawing without losing what the eye looks for: of the points that fall on one pixel, the lowest and
/// the highest stay, so that a spike of a single step is still seen.
/// </summary>
internal static class MinMaxDecimation
{
    /// <summary>Which points to keep, in order; the first and the last always stay.</summary>
    /// <param name="steps">[n], ascending.</param>
    /// <param name="values">[n].</param>
    /// <param name="points">About how many to keep, at least 2: two for each of points / 2 buckets of equal width.</param>
    /// <returns>Indices, ascending; at most <paramref name="points"/> + 2 of them.</returns>
    public static IReadOnlyList<int> Of(ReadOnlySpan<long> steps, ReadOnlySpan<double> values, int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        if (steps.Length <= points) return [.. Enumerable.Range(0, steps.Length)];

        var buckets = points / 2;
        var width = (steps[^1] - steps[0]) / (double)buckets;
        var kept = new List<int>(points + 2) { 0 };
        for (var start = 0; start < steps.Length;)
        {
            var bucket = BucketOf(steps[start], steps[0], width, buckets);
            var (low, high, end) = (start, start, start + 1);
            for (; end < steps.Length && BucketOf(steps[end], steps[0], width, buckets) == bucket; end++)
            {
                if (values[end] < values[low]) low = end;
                if (values[end] > values[high]) high = end;
            }
            Keep(Math.Min(low, high));
            Keep(Math.Max(low, high));
            start = end;
        }
        Keep(steps.Length - 1);
        return kept;

        void Keep(int index)
        {
            if (index > kept[^1]) kept.Add(index);
        }
    }

    private static int BucketOf(long step, long first, double width, int buckets) =>
        Math.Min(buckets - 1, (int)((step - first) / width)); // the last step belongs to the last bucket
}
