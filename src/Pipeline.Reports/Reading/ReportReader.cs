using System.Text.Json;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Reports.Reading;

/// <summary>Puts a report together from a run's state and the files that its stages left.</summary>
public sealed class ReportReader
{
    private readonly StateFolder _folder;
    private readonly List<string> _notes = [];

    private ReportReader(StateFolder folder) => _folder = folder;

    /// <summary>The report of a run. A file that is missing or damaged costs its row and is told in the notes.</summary>
    /// <param name="state">The run.</param>
    /// <param name="folder">The folder it lies in.</param>
    public static Report Read(RunState state, StateFolder folder) => new ReportReader(folder).Read(state);

    private Report Read(RunState state)
    {
        foreach (var stage in state.Stages) TellFailure(stage);
        var evaluated = state.Stages.SelectMany(stage => Evaluations(stage).Select(evaluation => (stage.Instance, Evaluation: evaluation))).ToList();
        List<EvaluationReport> models = [.. evaluated.Select(one => one.Evaluation)];
        return new Report
        {
            Run = state.Run,
            Pipeline = state.Pipeline.Name,
            Description = state.Pipeline.Description,
            State = state.Phase,
            Submitted = state.Submitted,
            Ended = state.Ended,
            Params = [.. state.Pipeline.Params.Select(param => $"{param.Key} = {param.Value}")],
            Overrides = state.Pipeline.Overrides,
            Models = models,
            Comparisons = ModelComparison.OfNeighbours(models),
            Claims = new ClaimCheck(state, evaluated.DistinctBy(one => one.Instance).ToDictionary(one => one.Instance, one => one.Evaluation)).Results(),
            RewardModels = [.. state.Stages.Select(RewardModel).OfType<RewardModelRow>()],
            Funnels = [.. state.Stages.SelectMany(Funnels)],
            Stages = [.. state.Stages.Select(stage => Row(state, stage))],
            Curves = [.. state.Stages
                .Where(stage => stage.Stage.Uses == "grpo")
                .Select(stage => Curve(state, stage, evaluated))
                .OfType<LearningCurve>()],
            Notes = _notes,
        };
    }

    private IEnumerable<EvaluationReport> Evaluations(StageState stage)
    {
        foreach (var output in stage.Outputs.Values.Where(output => output.Kind == ArtifactKind.Evaluation))
            if (Evaluation(stage, Path.Combine(output.Path, EvaluationReport.FileName)) is { } evaluation) yield return evaluation;
    }

    private EvaluationReport? Evaluation(StageState stage, string path)
    {
        try
        {
            var report = JsonSerializer.Deserialize<EvaluationReport>(File.ReadAllBytes(path), ProtocolJson.Line)!;
            return report with { Name = Printable.Of(report.Name), ByLevel = Printed(report.ByLevel), BySubject = Printed(report.BySubject) };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            _notes.Add($"The evaluation of {stage.Instance} cannot be read: {Printable.Of(error.Message)}");
            return null;
        }
    }

    private static IReadOnlyList<GroupAccuracy> Printed(IReadOnlyList<GroupAccuracy> groups) =>
        [.. groups.Select(group => group with { Name = Printable.Of(group.Name) })];

    private IEnumerable<StageFunnel> Funnels(StageState stage)
    {
        foreach (var output in stage.Outputs.Values.Where(output => output.Kind == ArtifactKind.Funnel))
            if (Funnel(stage, Path.Combine(output.Path, FunnelReport.FileName)) is { } funnel) yield return new StageFunnel(stage.Instance, funnel);
    }

    private FunnelReport? Funnel(StageState stage, string path)
    {
        try
        {
            var funnel = JsonSerializer.Deserialize<FunnelReport>(File.ReadAllBytes(path), ProtocolJson.Line)!;
            return funnel with { Steps = [.. funnel.Steps.Select(Printed)] };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            _notes.Add($"The funnel of {stage.Instance} cannot be read: {Printable.Of(error.Message)}");
            return null;
        }
    }

    private static FunnelStep Printed(FunnelStep step) => step with
    {
        Reason = Printable.Of(step.Reason),
        Rule = Printable.Of(step.Rule),
        Examples = [.. step.Examples.Select(example => new FunnelExample(Printable.Of(example.Prompt), Printable.Of(example.Completion)))],
    };

    private static RewardModelRow? RewardModel(StageState stage)
    {
        if (stage.Stage.Uses != "reward_model" || !stage.Metrics.TryGetValue("accuracy", out var accuracy)) return null;
        var low = stage.Metrics.GetValueOrDefault("accuracy_low", double.NaN);
        var high = stage.Metrics.GetValueOrDefault("accuracy_high", double.NaN);
        long? n = stage.Metrics.TryGetValue("n", out var rows) ? (long)rows : null;
        return new RewardModelRow(stage.Instance, n, new Estimate(accuracy, low, high));
    }

    private void TellFailure(StageState stage)
    {
        if (stage.Phase != StagePhase.Failed) return;
        var reason = stage.Reason ?? stage.Last?.Failure?.Message ?? "no reason was recorded.";
        _notes.Add($"Stage {stage.Instance} failed: {Printable.Of(reason)}");
    }

    private StageRow Row(RunState state, StageState stage)
    {
        var result = stage.Done && Attempts(state, stage) is [.., var last] ? Result(last) : null;
        var spent = stage.Attempts.Sum(attempt => ((attempt.Ended ?? attempt.Started) - attempt.Started)?.TotalSeconds ?? 0);
        return new StageRow(
            stage.Instance,
            stage.Stage.Uses,
            stage.Phase,
            stage.Attempts.Count,
            result?.Seconds ?? (stage.Attempts.IsEmpty ? null : spent),
            result?.Tokens);
    }

    private static ResultFile? Result(AttemptFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<ResultFile>(File.ReadAllBytes(folder.Result), ProtocolJson.Line);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException) { return null; }
    }

    private LearningCurve? Curve(RunState state, StageState stage, List<(string Instance, EvaluationReport Evaluation)> evaluated)
    {
        var metrics = MetricsLog.Read(Attempts(state, stage));
        var names = evaluated.Where(one => state.ByInstance[one.Instance].Stage.Inputs.GetValueOrDefault("model")?.Stage == stage.Instance).Select(one => one.Evaluation.Name).ToList();
        var curve = new LearningCurve(stage.Instance)
        {
            Model = names is [var only] ? only : stage.Instance,
            Reward = metrics.Of("reward"),
            Length = metrics.Of("completions/mean_length"),
            Reflection = metrics.Of("completions/reflection_ratio"),
            PassAt1 = metrics.Of("eval/pass@1"),
        };
        return curve.Reward.Count == 0 ? null : curve;
    }

    /// <summary>The attempts that made what the stage has, oldest first; of a cached stage those of the run that did the work.</summary>
    private IReadOnlyList<AttemptFolder> Attempts(RunState state, StageState stage)
    {
        var (run, instance, count) = stage.Cached is { } cached
            ? (cached.SourceRun, cached.SourceInstance, cached.SourceAttempt)
            : (state.Run, stage.Instance, stage.Attempts.Count);
        return [.. Enumerable.Range(1, count).Select(number => _folder.Attempt(new AttemptKey(run, instance, number)))];
    }
}
