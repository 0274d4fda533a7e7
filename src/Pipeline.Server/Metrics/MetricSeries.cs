using System.Runtime.InteropServices;

namespace Pipeline.Server.Metrics;

/// <summary>The values of one metric in one attempt, ascending by step, one a step.</summary>
internal sealed class MetricSeries
{
    private readonly List<long> _steps = [];
    private readonly List<double> _values = [];

    /// <summary>[n], ascending.</summary>
    public ReadOnlySpan<long> Steps => CollectionsMarshal.AsSpan(_steps);

    /// <summary>[n], in the order of <see cref="Steps"/>.</summary>
    public ReadOnlySpan<double> Values => CollectionsMarshal.AsSpan(_values);

    /// <summary>Takes in a value; one that the step has already is replaced.</summary>
    public void Add(long step, double value)
    {
        if (_steps.Count == 0 || step > _steps[^1])
        {
            _steps.Add(step);
            _values.Add(value);
            return;
        }
        var place = _steps.BinarySearch(step);
        if (place >= 0)
        {
            _values[place] = value;
            return;
        }
        _steps.Insert(~place, step);
        _values.Insert(~place, value);
    }

    /// <summary>Takes in the values of <paramref name="other"/> with steps of at most <paramref name="last"/>; null: all of them.</summary>
    public void AddUpTo(MetricSeries other, long? last)
    {
        for (var i = 0; i < other.Steps.Length && (last is null || other.Steps[i] <= last); i++) Add(other.Steps[i], other.Values[i]);
    }

    /// <summary>The value at a step; null if it has none.</summary>
    public double? At(long step) => _steps.BinarySearch(step) is >= 0 and var place ? _values[place] : null;

    /// <summary>The places of the steps from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public Range Between(long from, long to)
    {
        var start = _steps.BinarySearch(from);
        var end = _steps.BinarySearch(to);
        if (start < 0) start = ~start;
        end = end < 0 ? ~end : end + 1;
        return start..Math.Max(start, end);
    }
}
