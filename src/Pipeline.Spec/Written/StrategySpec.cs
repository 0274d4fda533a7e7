using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Pipeline.Spec.Written;

/// <summary>Several instances of a stage.</summary>
internal sealed record StrategySpec
{
    /// <summary>
    /// Values by name: an instance for every combination, <c>{ seed: [1, 2], lr: [1e-4, 1e-5] }</c>, and for each set of values
    /// under <c>include</c>. Used as <c>${{ matrix.name }}</c>; <c>seed</c> is the stage's seed if it does not set one.
    /// </summary>
    [Required] public JsonObject? Matrix { get; init; }

    /// <summary>How many instances are at work at once at most. Default all.</summary>
    [Range(1, 1000)] public int? MaxParallel { get; init; }

    /// <summary>Whether the others are stopped, after a checkpoint, as soon as one fails. Default true.</summary>
    public bool? FailFast { get; init; }
}
