using System.Text.Json.Nodes;
using Pipeline.Engine.Runs;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Comparing;

/// <summary>Puts runs beside one another: what differs in what they execute, and what came of it.</summary>
internal static class RunComparison
{
    private const string Accuracy = "eval/pass@1";

    public static ComparisonView Of(IReadOnlyList<RunHistory> histories, DateTimeOffset now)
    {
        RunState[] runs = [.. histories.Select(history => history.State)];
        List<string> instances = [.. runs.SelectMany(run => run.Pipeline.Stages.Select(stage => stage.Instance)).Distinct()];
        return new(
            [.. runs.Select(run => new ComparedRun(
                run.Run, run.Pipeline.Name, run.Submitted, ((run.Ended ?? now) - run.Submitted).TotalSeconds, run.Pipeline.Overrides))],
            [.. instances.Select(instance => Stage(runs, instance))],
            [.. instances.SelectMany(instance => Differences(runs, instance))],
            Models(runs));
    }

    private static ComparedStage Stage(RunState[] runs, string instance) => new(
        instance,
        runs.Select(run => run.ByInstance.GetValueOrDefault(instance)?.Stage.Uses).First(uses => uses is not null)!,
        [.. runs.Select(run => run.ByInstance.GetValueOrDefault(instance) is { } stage && (stage.Cached is not null || !stage.Attempts.IsEmpty))]);

    private static IEnumerable<SettingDifference> Differences(RunState[] runs, string instance)
    {
        var settings = runs.Select(run => run.ByInstance.GetValueOrDefault(instance) is { } stage ? Settings(stage) : []).ToList();
        return
            from name in settings.SelectMany(one => one.Keys).Distinct()
            let values = settings.Select(one => one.GetValueOrDefault(name)).ToList()
            where values.Any(value => !JsonNode.DeepEquals(value, values[0]))
            select new SettingDifference(instance, name, values);
    }

    private static Dictionary<string, JsonNode?> Settings(StageState stage)
    {
        var settings = new Dictionary<string, JsonNode?> { ["uses"] = stage.Stage.Uses, ["seed"] = stage.Stage.Seed };
        if (stage.Stage.Resources.Cpus is { } cpus) settings["cpus"] = cpus;
        Flatten(settings, "", stage.Stage.Options);
        return settings;
    }

    private static void Flatten(Dictionary<string, JsonNode?> settings, string path, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject map:
                foreach (var (name, child) in map) Flatten(settings, path.Length == 0 ? name : $"{path}.{name}", child);
                break;
            case JsonArray list when list.Any(item => item is JsonObject or JsonArray):
                foreach (var (i, child) in list.Index()) Flatten(settings, $"{path}.{i}", child);
                break;
            default:
                settings[path] = value?.DeepClone();
                break;
        }
    }

    private static List<ComparedModel> Models(RunState[] runs)
    {
        var judged = runs
            .Select(run => run.Stages
                .Where(stage => stage.Stage.Uses == "evaluation" && stage.Metrics.ContainsKey(Accuracy))
                .GroupBy(stage => (string?)stage.Stage.Options["name"] ?? stage.Instance)
                .ToDictionary(stages => stages.Key, stages => Result(stages.First().Metrics)))
            .ToList();
        return [.. judged.SelectMany(run => run.Keys).Distinct().Select(name => new ComparedModel(name, [.. judged.Select(run => run.GetValueOrDefault(name))]))];
    }

    private static ComparedResult Result(IReadOnlyDictionary<string, double> metrics) =>
        new(metrics[Accuracy], End(metrics, "_low"), End(metrics, "_high"));

    private static double? End(IReadOnlyDictionary<string, double> metrics, string end) =>
        metrics.TryGetValue(Accuracy + end, out var value) ? value : null;
}
