namespace Pipeline.Datasets.Contents;

/// <summary>How often each length occurs: exact percentiles in memory that grows with the number of different lengths, not of rows.</summary>
internal sealed class LengthCounts
{
    private readonly SortedDictionary<int, long> _counts = [];
    private long _rows;
    private long _sum;

    public void Add(int length)
    {
        _counts[length] = _counts.GetValueOrDefault(length) + 1;
        (_rows, _sum) = (_rows + 1, _sum + length);
    }

    /// <summary>Null if nothing was counted.</summary>
    public Lengths? Summary() => _rows == 0 ? null : new Lengths(_counts.First().Key, (double)_sum / _rows, Percentile(50), Percentile(95), Percentile(99), _counts.Last().Key, _sum);

    /// <summary>The smallest length that at least so many percent of the rows do not exceed (nearest rank).</summary>
    private int Percentile(int percent)
    {
        var rank = (_rows * percent + 99) / 100;
        foreach (var (length, count) in _counts)
            if ((rank -= count) <= 0) return length;
        return _counts.Last().Key;
    }
}

/// <summary>Lengths of one kind over the rows of a dataset.</summary>
/// <param name="Shortest">The shortest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Median">Half of the rows are no longer.</param>
/// <param name="P95">95 % of the rows are no longer.</param>
/// <param name="P99">99 % of the rows are no longer.</param>
/// <param name="Longest">The longest.</param>
/// <param name="Total">The sum.</param>
public sealed record Lengths(int Shortest, double Mean, int Median, int P95, int P99, int Longest, long Total);
