using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Planning;

/// <summary>What the gates of a stage say about its final metrics. Recorded with the stage's end, so that a crash cannot part the two.</summary>
public static class GateRule
{
    /// <summary>One event a gate, in the order of the file. A metric that was not reported passes no gate.</summary>
    public static IEnumerable<GateEvaluated> Of(ResolvedStage stage, IReadOnlyDictionary<string, double> metrics) => stage.Gates.Select(gate =>
    {
        double? value = metrics.TryGetValue(gate.Metric, out var reported) ? reported : null;
        return new GateEvaluated
        {
            Stage = stage.Id,
            Instance = stage.Instance,
            Metric = gate.Metric,
            Value = value,
            Bound = $"{gate.Op.Sign()} {ShortNumber.Of(gate.Value)}",
            Passed = value is { } measured && gate.Op.Holds(measured, gate.Value),
            OnFail = gate.OnFail,
        };
    });
}
