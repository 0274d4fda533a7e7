using Pipeline.Engine.Planning;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Tests;

/// <summary>Pipelines and journals in few words.</summary>
internal static class Pipelines
{
    public const string Run = "run";

    public static readonly DateTimeOffset Noon = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A stage that makes a model of those it needs.</summary>
    public static ResolvedStage Stage(string id, params string[] needs) => new()
    {
        Id = id,
        Instance = id,
        Uses = "sft",
        Needs = needs,
        Inputs = needs.ToDictionary(need => need, need => new StageInput(ArtifactKind.Model, Stage: need, Output: "model")),
        Outputs = new Dictionary<string, string> { ["model"] = ArtifactKind.Model },
    };

    /// <summary>Instances x[seed=1], x[seed=2]… of a stage.</summary>
    public static ResolvedStage[] Matrix(string id, int count, int? maxParallel = null, bool failFast = true) =>
        [.. Enumerable.Range(1, count).Select(seed => Stage($"{id}[seed={seed}]") with
        {
            Id = id, Seed = seed, Matrix = new MatrixMember(new() { ["seed"] = seed }, maxParallel, failFast),
        })];

    /// <summary>A journal that begins with a run of these stages.</summary>
    public static Journal Of(params ResolvedStage[] stages) => new(stages);
}

/// <summary>A journal that is written event by event, and its fold.</summary>
internal sealed class Journal
{
    private readonly List<JournalEvent> _events = [];

    public Journal(IReadOnlyList<ResolvedStage> stages) => Add(new RunSubmitted
    {
        Pipeline = new ResolvedPipeline { Name = "p", File = "/p.yaml", Stages = stages },
        Program = new StageProgram(["/stage"], "build"),
    });

    public RunState State => RunState.Fold(_events);

    public Journal Add(JournalEvent fact)
    {
        var sequence = _events.Count + 1;
        _events.Add(fact with { Run = Pipelines.Run, Sequence = sequence, Time = Pipelines.Noon.AddSeconds(sequence) });
        return this;
    }

    /// <summary>The same journal of a pipeline with that parameter.</summary>
    public Journal WithParam(string name, string value)
    {
        var submitted = (RunSubmitted)_events[0];
        _events[0] = submitted with { Pipeline = submitted.Pipeline with { Params = new() { [name] = value } } };
        return this;
    }

    public Journal Answer(string stage, bool approved) =>
        Add(new ApprovalGiven { Stage = stage, Instance = stage, Approved = approved, By = "ann" });

    public Journal Skip(string stage) => Add(new StageSkipped { Stage = stage, Instance = stage, Reason = "It was told so." });

    public Journal Intend(string stage, int attempt = 1, long? resumeStep = null) => Add(new AttemptIntended
    {
        Stage = stage, Instance = stage, Attempt = attempt, Token = Token(stage, attempt), Job = $"{stage}.{attempt}",
        Fingerprint = $"fingerprint of {stage}", ResumeStep = resumeStep, ResumeFrom = resumeStep is null ? null : "/checkpoint",
    });

    public Journal Start(string stage, int attempt = 1) => Add(About(new AttemptStarted(), stage, attempt));

    public Journal Checkpoint(string stage, long step, int attempt = 1) =>
        Add(About(new CheckpointRecorded { Step = step, Path = "/checkpoint", Offset = step }, stage, attempt));

    public Journal Succeed(string stage, int attempt = 1, double? accuracy = null) => Intended(stage, attempt).Add(About(new AttemptSucceeded
    {
        Fingerprint = $"fingerprint of {stage}",
        Outputs = new Dictionary<string, StageOutput> { ["model"] = new($"/{stage}", "model", "sha256:0") },
        Metrics = accuracy is { } value ? new Dictionary<string, double> { ["accuracy"] = value } : [],
    }, stage, attempt));

    /// <summary>Records what the stage's gates say, as the engine does together with its end.</summary>
    public Journal Gates(string stage)
    {
        foreach (var gate in GateRule.Of(State.Stage(stage).Stage, State.Stage(stage).Metrics).ToList()) Add(gate);
        return this;
    }

    public Journal Fail(
        string stage, FailureClass failure = FailureClass.Failed, bool retry = false, bool counted = false, int attempt = 1, long step = 0) =>
        Intended(stage, attempt).Add(About(
            new AttemptFailed { Class = failure, Message = "It failed.", Retry = retry, Counted = counted, Step = step }, stage, attempt));

    public Journal ScheduleRetry(string stage, int attempt, DateTimeOffset at) =>
        Add(new RetryScheduled { Stage = stage, Instance = stage, Attempt = attempt, At = at });

    private Journal Intended(string stage, int attempt) =>
        State.Stage(stage).Attempt(attempt) is null ? Intend(stage, attempt) : this;

    public static AttemptFact About(AttemptFact fact, string stage, int attempt) =>
        fact with { Stage = stage, Instance = stage, Attempt = attempt, Token = Token(stage, attempt) };

    public static string Token(string stage, int attempt) => $"{stage}.{attempt}";
}
