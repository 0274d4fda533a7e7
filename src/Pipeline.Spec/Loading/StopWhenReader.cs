using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Written;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>Reads a stage's <c>stop_when</c>: which keys go together, and whether the stage can keep it at all.</summary>
internal sealed class StopWhenReader(Problems problems)
{
    private static readonly string[] OfMetrics = ["metric", "op", "value"];

    /// <summary>The conditions, as far as they could be read.</summary>
    /// <param name="id">The stage's id.</param>
    /// <param name="map">The stage as it stands in the file.</param>
    /// <param name="spec">The same as a record.</param>
    public IReadOnlyList<StopCondition> Read(string id, MapNode map, StageSpec spec)
    {
        if (map.Find("stop_when") is not { } entry || spec.Uses is null) return [];
        var kind = StageKinds.Find(spec.Uses); // null for a command: its program looks at the conditions itself
        if (kind is { Trains: false })
            problems.Add(
                SpecErrors.UnknownKey, entry.At,
                $"'stop_when' is for stages that train; '{id}' uses '{kind.Name}', which has no steps to stop between.");
        foreach (var item in (entry.Value as ListNode)?.Items.OfType<MapNode>() ?? []) Check(item, kind);
        return [.. (spec.StopWhen ?? []).Select(Condition)];
    }

    private void Check(MapNode item, StageKind? kind)
    {
        if (item.Find("alarm") is { } alarm)
        {
            if (item.Entries.FirstOrDefault(entry => entry.Key is "metric" or "op" or "value" or "for") is { } other)
                problems.Add(
                    SpecErrors.WrongValue, other.At,
                    $"'{other.Key}' does not go with 'alarm', which decides by itself when it is raised. Make it an item of its own, with its '-'.");
            if (kind is { Trains: true } && alarm.Value is ScalarNode { Value: string code } && AlarmCodes.All.Contains(code) && !kind.Alarms.Contains(code))
                problems.Add(
                    SpecErrors.WrongValue, alarm.Value.At,
                    $"{kind.Name} raises no alarm '{code}'; those that do: {string.Join(", ", StageKinds.All.Where(one => one.Alarms.Contains(code)).Select(one => one.Name))}.");
            return;
        }
        foreach (var key in OfMetrics)
            if (item.Find(key) is null)
                problems.Add(
                    SpecErrors.MissingKey, item.At,
                    $"This lacks '{key}'; it is {{ metric: entropy, op: \"<\", value: 0.05, for: 50 steps }} or {{ alarm: {AlarmCodes.RewardHacking} }}.");
    }

    private static StopCondition Condition(StopWhenSpec spec) => new()
    {
        Metric = spec.Metric,
        Op = spec.Op,
        Value = spec.Value,
        ForSteps = spec.For is { } steps ? (int)Math.Ceiling(Units.Parse(steps, Units.Steps)!.Value) : 1,
        Alarm = spec.Alarm,
    };
}
