using Pipeline.Protocol.Jobs;

namespace Pipeline.Spec.Resolved;

/// <summary>A bound on a final metric of a stage, looked at when the stage is done.</summary>
/// <param name="Metric">Name of the metric, such as <c>eval/pass@1</c>.</param>
/// <param name="Op">How it is compared with the value.</param>
/// <param name="Value">What it is compared with.</param>
/// <param name="OnFail">What happens if it does not hold, or the stage did not report the metric.</param>
public sealed record Gate(string Metric, Comparison Op, double Value, GateFailure OnFail = GateFailure.Stop);

/// <summary>What happens if a gate does not hold.</summary>
public enum GateFailure
{
    /// <summary>The stage counts as failed: those that need it are blocked.</summary>
    Stop,

    /// <summary>It is told, and the pipeline goes on.</summary>
    Warn,
}
