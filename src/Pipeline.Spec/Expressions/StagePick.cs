using System.Globalization;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Loading;

namespace Pipeline.Spec.Expressions;

/// <summary>Which instance of a stage with a matrix is meant.</summary>
internal abstract record StagePick
{
    /// <summary>A matrix value as it stands in the name of an instance: <c>x[lr=1e-4]</c>, however it was written.</summary>
    public static string Text(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text when HubReference.Read(text) is { } hub => hub.Repository[(hub.Repository.IndexOf('/') + 1)..], // not with all 40 digits
        double number => ShortNumber.Of(number),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

/// <summary>The instance with those values: <c>stages.x[seed=1]</c>.</summary>
/// <param name="Values">Text of each value by name; before references are resolved it may be <c>matrix.seed</c>.</param>
internal sealed record InstancePick(IReadOnlyDictionary<string, string> Values) : StagePick;

/// <summary>The instance whose final metric is the best: <c>stages.x.best('eval/pass@1')</c>.</summary>
internal sealed record BestPick(string Metric, BestMode Mode) : StagePick;
