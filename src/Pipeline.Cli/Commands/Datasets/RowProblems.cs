using Pipeline.Cli.Output;
using Pipeline.Datasets.Sources;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary>Counts what is wrong with rows and keeps the first few to be told.</summary>
internal sealed class RowProblems(int most)
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>The first, in the order of the rows.</summary>
    public List<RowProblem> First { get; } = [];

    /// <summary>Rows by what is wrong with them.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>All of them.</summary>
    public long Count => _counts.Values.Sum();

    public void Add(RowProblem problem)
    {
        _counts[problem.Code] = _counts.GetValueOrDefault(problem.Code) + 1;
        if (First.Count < most) First.Add(problem);
    }

    /// <summary>One line a row, on standard error, and a line with the rest.</summary>
    public void Print(Terminal terminal)
    {
        foreach (var problem in First) terminal.Error.WriteLine(Printable.Line(problem.ToString()));
        if (Count > First.Count) terminal.Error.WriteLine($"… and {Count - First.Count} more; --max-problems shows more.");
    }
}
