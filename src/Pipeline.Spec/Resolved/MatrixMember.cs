using System.Text.Json.Nodes;

namespace Pipeline.Spec.Resolved;

/// <summary>What makes a stage one of several instances.</summary>
/// <param name="Values">Its values by name.</param>
/// <param name="MaxParallel">How many instances of its stage are at work at once at most; null for all.</param>
/// <param name="FailFast">Whether it is stopped as soon as another instance fails.</param>
public sealed record MatrixMember(JsonObject Values, int? MaxParallel = null, bool FailFast = true);
