using Pipeline.Protocol.Jobs;

namespace Pipeline.Spec.Resolved;

/// <summary>Something the pipeline is to show; the report says whether it did.</summary>
/// <param name="Text">What is claimed, in a sentence.</param>
/// <param name="Expectations">What must have been measured for it to hold, all of it.</param>
public sealed record Claim(string Text, IReadOnlyList<Expectation> Expectations);

/// <summary>What a claim expects of a final metric of a stage, or of its difference to that of another stage.</summary>
/// <param name="Metric">Name of the metric, such as <c>eval/pass@1</c>.</param>
/// <param name="Op">How it is compared with the value.</param>
/// <param name="Value">What it is compared with.</param>
/// <param name="Cases">The stages it is about: one, or one for each combination of matrix values.</param>
public sealed record Expectation(string Metric, Comparison Op, double Value, IReadOnlyList<ClaimCase> Cases);

/// <summary>The stage whose metric it is, and the one whose metric is taken off.</summary>
/// <param name="Stage">Its instance.</param>
/// <param name="Against">The other's instance; null where the metric itself is meant.</param>
public sealed record ClaimCase(string Stage, string? Against = null);
