using System.ComponentModel.DataAnnotations;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Spec.Written;

/// <summary>Something the pipeline is to show.</summary>
internal sealed record ClaimSpec
{
    /// <summary>What is claimed, in a sentence.</summary>
    [Required] public string? Claim { get; init; }

    /// <summary>What must be measured for it to hold, all of it.</summary>
    [Required, MinLength(1)] public IReadOnlyList<ExpectationSpec> Expect { get; init; } = [];
}

/// <summary>What a claim expects of a metric.</summary>
internal sealed record ExpectationSpec
{
    /// <summary>
    /// The stage whose final metric it is. Of a stage with a matrix every instance is meant, or the one that is named,
    /// <c>evaluate[seed=1]</c>.
    /// </summary>
    [Required] public string? Stage { get; init; }

    /// <summary>A stage whose metric is taken off: what is expected is a difference, prompt by prompt where both are evaluations.</summary>
    public string? Against { get; init; }

    /// <summary>Name of the metric, such as <c>eval/pass@1</c>.</summary>
    [Required] public string? Metric { get; init; }

    /// <summary>How it is compared with the value: with &lt;, &lt;=, &gt; or &gt;=.</summary>
    [Required] public Comparison? Op { get; init; }

    /// <summary>What it is compared with.</summary>
    [Required] public double? Value { get; init; }
}
