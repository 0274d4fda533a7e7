using Pipeline.Protocol.Jobs;

namespace Pipeline.Spec.Resolved;

/// <summary>That instance of a stage whose final metric is the best, chosen when all are done.</summary>
/// <param name="Metric">Name of the metric, such as <c>eval/pass@1</c>.</param>
/// <param name="Mode">Which is the best.</param>
/// <param name="Instances">The instances; of equals, the first.</param>
public sealed record BestOf(string Metric, BestMode Mode, IReadOnlyList<string> Instances);
