using System.Text.Json.Nodes;

namespace Pipeline.Stages.Loop;

/// <summary>Looks at each step's metrics, evaluation included, before they are saved with a checkpoint.</summary>
public interface IMetricsWatch
{
    /// <summary>Looks at the metrics of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="metrics">By name.</param>
    /// <param name="memory">What the watch wrote there after the step before; it may change it.</param>
    /// <returns>Codes of the alarms that it raised.</returns>
    IReadOnlyList<string> Look(int step, IReadOnlyDictionary<string, double> metrics, JsonObject memory);
}
