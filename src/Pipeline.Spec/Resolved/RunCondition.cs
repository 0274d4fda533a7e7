using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Spec.Resolved;

/// <summary>When a stage runs at all: a comparison with a parameter, or with a final metric of a stage that it needs.</summary>
public sealed record RunCondition
{
    /// <summary>Name of the parameter; null for a metric.</summary>
    public string? Param { get; init; }

    /// <summary>Instance of the stage that reports the metric.</summary>
    public string? Stage { get; init; }

    /// <summary>Name of the metric, such as <c>eval/pass@1</c>; null for a parameter.</summary>
    public string? Metric { get; init; }

    /// <summary>How it is compared with <see cref="Value"/>.</summary>
    public required Comparison Op { get; init; }

    /// <summary>What it is compared with; a number for a metric.</summary>
    public required JsonNode Value { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Param ?? $"{Metric} of {Stage}"} {Op.Sign()} {Value.ToJsonString().Trim('"')}";

    /// <summary>Whether <paramref name="found"/> meets the condition. Numbers are compared as numbers, all else is equal or not.</summary>
    public bool Holds(JsonNode? found) =>
        Number(found) is { } number && Number(Value) is { } bound
            ? Op.Holds(number, bound)
            : Op == Comparison.Equal == JsonNode.DeepEquals(found, Value);

    // By its text: a node that was made from a whole number does not give a double.
    private static double? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number
        ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture)
        : null;
}
