using System.Diagnostics;

namespace Pipeline.Benchmarks.Durability;

/// <summary>Times of one thing done many times, held against its budget.</summary>
internal sealed class Latencies(string what, double budgetMs)
{
    private readonly List<double> _milliseconds = [];

    public void Add(double milliseconds) => _milliseconds.Add(milliseconds);

    public void AddSince(long timestamp) => Add(Stopwatch.GetElapsedTime(timestamp).TotalMilliseconds);

    /// <summary>A line of the table; true if the median keeps the budget.</summary>
    public bool Print()
    {
        _milliseconds.Sort();
        var (p50, p99, max) = (_milliseconds[_milliseconds.Count / 2], _milliseconds[_milliseconds.Count * 99 / 100], _milliseconds[^1]);
        var kept = p50 <= budgetMs;
        Console.WriteLine($"| {what} | {_milliseconds.Count} | {p50:0.00} | {p99:0.00} | {max:0.00} | {budgetMs:0} | {(kept ? "kept" : "MISSED")} |");
        return kept;
    }
}
