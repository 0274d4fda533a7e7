using System.Text.Json.Nodes;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Written;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>Reads a stage's <c>if</c>: which keys go together, and whether the two sides can be compared.</summary>
internal sealed class ConditionReader(
    IReadOnlyDictionary<string, Node> parameters, IReadOnlyDictionary<string, IReadOnlyList<StageInstance>> instances, Problems problems)
{
    private const string Example = "{ param: size, op: \"==\", value: small } or { stage: evaluate, metric: eval/pass@1, op: \">=\", value: 0.35 }";

    /// <summary>The condition, as far as it could be read; null if there is none.</summary>
    /// <param name="map">The stage as it stands in the file.</param>
    /// <param name="spec">The same as a record.</param>
    public RunCondition? Read(MapNode map, StageSpec spec)
    {
        if (map.Find("if")?.Value is not MapNode condition || spec.If is not { } written) return null;
        var value = condition.Find("value")?.Value;
        if (!KeysFit(condition) || written.Op is not { } op || value is null or BrokenNode) return null;
        var expected = written.Param is { } param ? Parameter(param, condition) : new NumberShape(double.MinValue, double.MaxValue);
        if (expected is null || new ShapeReader(problems).Value(value, expected, "value", value.At, "value") is not JsonValue json) return null;
        if (op is not (Comparison.Equal or Comparison.NotEqual) && expected is not NumberShape)
            problems.Add(
                SpecErrors.WrongValue, condition.Find("op")!.Value.At,
                $"'{op.Sign()}' compares numbers; '{written.Param}' is {Expected.Found(parameters[written.Param!])}. Use == or !=.");
        if (written.Stage is { } several && instances.GetValueOrDefault(several) is [{ Values: not null } first, ..])
            problems.Add(
                SpecErrors.WrongValue, condition.Find("stage")!.Value.At,
                $"Stage '{several}' has several instances; name the one that decides, such as \"{first.Name}\".");
        return new RunCondition { Param = written.Param, Stage = written.Stage, Metric = written.Metric, Op = op, Value = json };
    }

    /// <summary>Where the stage is named whose metric decides: it must be done before.</summary>
    public static (string Id, Position At)? Need(MapNode map) =>
        (map.Find("if")?.Value as MapNode)?.Find("stage")?.Value is ScalarNode { Value: string stage } node ? (stage, node.At) : null;

    private bool KeysFit(MapNode condition)
    {
        var (param, stage, metric) = (condition.Find("param"), condition.Find("stage"), condition.Find("metric"));
        if ((param is not null && stage is null && metric is null) || (param is null && stage is not null && metric is not null)) return true;
        problems.Add(
            SpecErrors.WrongValue, condition.At,
            $"A condition is about a parameter, or about a stage's metric: {Example}.");
        return false;
    }

    private Shape? Parameter(string name, MapNode condition)
    {
        if (parameters.TryGetValue(name, out var value))
            return (value as ScalarNode)?.Value switch
            {
                long or double => new NumberShape(double.MinValue, double.MaxValue),
                bool => new BooleanShape(),
                string => new TextShape(null, []),
                _ => null, // its error has been reported
            };
        problems.Add(
            SpecErrors.UnknownReference, condition.Find("param")!.Value.At,
            $"There is no parameter '{name}'; {DidYouMean.Or("the parameters", name, parameters.Keys)}");
        return null;
    }
}
