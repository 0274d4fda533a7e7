using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Stages.Loop;

/// <summary>
/// Looks, after each step, whether one of the job's <c>stop_when</c> holds. How long each has held is in the loop's memory,
/// so that a resumed stage stops where an unbroken one does.
/// </summary>
/// <param name="conditions">Any of them is enough.</param>
public sealed class StopRule(IReadOnlyList<StopCondition> conditions)
{
    /// <summary>Looks at a step's metrics and alarms.</summary>
    /// <returns>The first condition that is met; null if the stage is to go on.</returns>
    public StopCondition? Look(int step, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> alarms, JsonObject memory)
    {
        if (conditions.Count == 0) return null;
        var streaks = StreaksIn(memory);
        for (var i = 0; i < conditions.Count; i++)
            if (conditions[i].Metric is { } metric && metrics.TryGetValue(metric, out var value))
                streaks[i] = new(IsTold: true, Since: conditions[i].Holds(value) ? streaks[i].Since ?? step : null);
        memory["stop_when"] = JsonSerializer.SerializeToNode(streaks, ProtocolJson.Line);
        return conditions.Zip(streaks).FirstOrDefault(one => IsMet(one.First, one.Second)).First;

        bool IsMet(StopCondition condition, Streak streak) => condition.Alarm is { } alarm
            ? alarms.Contains(alarm)
            : streak.Since is { } since && metrics.ContainsKey(condition.Metric!) && step - since + 1 >= condition.ForSteps;
    }

    /// <summary>Metrics of conditions that no step has told: likely spelt wrong.</summary>
    public IEnumerable<string> NeverTold(JsonObject memory) =>
        conditions.Zip(StreaksIn(memory)).Where(one => one.First.Metric is not null && !one.Second.IsTold).Select(one => one.First.Metric!);

    private Streak[] StreaksIn(JsonObject memory) =>
        memory["stop_when"].Deserialize<Streak[]>(ProtocolJson.Line) ?? [.. conditions.Select(_ => new Streak())];

    /// <summary>How long a condition has held.</summary>
    /// <param name="IsTold">Whether the metric was ever told.</param>
    /// <param name="Since">The first step of those in a row at which it held; null if it did not the last time.</param>
    private sealed record Streak(bool IsTold = false, int? Since = null);
}
