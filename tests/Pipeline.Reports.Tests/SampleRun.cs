using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Reports.Reading;
using Pipeline.Spec.Resolved;

namespace Pipeline.Reports.Tests;

/// <summary>A run in a temporary state folder: its journal in memory, its files on disk.</summary>
internal sealed class SampleRun : IDisposable
{
    private static readonly DateTimeOffset Start = new(2025, 11, 23, 20, 0, 0, TimeSpan.Zero);

    private readonly List<JournalEvent> _events = [];
    private readonly string _path = Directory.CreateTempSubdirectory("pipeline-reports-").FullName;
    private readonly List<ResolvedStage> _stages = [];

    public const string Run = "20251123-200000-abcd";

    public StateFolder Folder { get; }

    public SampleRun() => Folder = StateFolder.Open(Path.Combine(_path, "state"));

    public SampleRun With(string id, string uses, params string[] needs)
    {
        _stages.Add(new ResolvedStage
        {
            Id = id, Instance = id, Uses = uses, Needs = needs,
            Inputs = uses == "evaluation" && needs is [var judged] ? new Dictionary<string, StageInput> { ["model"] = new(ArtifactKind.Model, judged, "model") } : new(),
        });
        return this;
    }

    public SampleRun Submit(string? description = null, IReadOnlyList<Claim>? claims = null)
    {
        var pipeline = new ResolvedPipeline
        {
            Name = "r1-small", Description = description, File = "/r1-small.yaml", Stages = _stages,
            Params = new JsonObject { ["seed"] = 1 }, Claims = claims ?? [], Overrides = ["--profile smoke"],
        };
        Add(new RunSubmitted { Pipeline = pipeline, Program = new StageProgram(["/stage"], "d") });
        return this;
    }

    /// <summary>Begins an attempt; its job starts a second later.</summary>
    public SampleRun Begin(string stage, int attempt = 1, string? resumeFrom = null)
    {
        Add(new AttemptIntended { Stage = stage, Instance = stage, Attempt = attempt, Token = $"{attempt}", Job = "j", Fingerprint = "f", ResumeFrom = resumeFrom });
        Add(new AttemptStarted { Stage = stage, Instance = stage, Attempt = attempt, Token = $"{attempt}" });
        Directory.CreateDirectory(Attempt(stage, attempt).Path);
        WholeFile.WriteJson(Attempt(stage, attempt).Job, new JobFile { Run = Run, Stage = stage, Instance = stage, Attempt = attempt, Token = $"{attempt}", Kind = "x", ResumeFrom = resumeFrom });
        return this;
    }

    /// <summary>Ends it well.</summary>
    public SampleRun Succeed(string stage, int attempt = 1, double seconds = 2, long tokens = 1000, Dictionary<string, double>? metrics = null, EvaluationReport? evaluation = null, FunnelReport? funnel = null)
    {
        var outputs = new Dictionary<string, StageOutput>();
        if (evaluation is not null) outputs["evaluation"] = Output(stage, attempt, ArtifactKind.Evaluation, EvaluationReport.FileName, evaluation);
        if (funnel is not null) outputs["funnel"] = Output(stage, attempt, ArtifactKind.Funnel, FunnelReport.FileName, funnel);
        WholeFile.WriteJson(Attempt(stage, attempt).Result, new ResultFile { Token = $"{attempt}", Seconds = seconds, Tokens = tokens });
        Add(new AttemptSucceeded { Stage = stage, Instance = stage, Attempt = attempt, Token = $"{attempt}", Fingerprint = "f", Outputs = outputs, Metrics = metrics ?? [] });
        return this;
    }

    private StageOutput Output<T>(string stage, int attempt, string kind, string file, T content)
    {
        var folder = Path.Combine(Attempt(stage, attempt).Outputs, kind);
        Directory.CreateDirectory(folder);
        WholeFile.WriteJson(Path.Combine(folder, file), content);
        return new StageOutput(folder, kind, "sha256:0");
    }

    public SampleRun Fail(string stage, int attempt, string message, bool retry)
    {
        Add(new AttemptFailed { Stage = stage, Instance = stage, Attempt = attempt, Token = $"{attempt}", Class = FailureClass.Failed, Message = message, Retry = retry });
        return this;
    }

    /// <summary>Does the whole of a stage that evaluates.</summary>
    public SampleRun Evaluate(string stage, EvaluationReport evaluation) => Begin(stage).Succeed(stage, evaluation: evaluation);

    public SampleRun Add(JournalEvent fact)
    {
        _events.Add(fact with { Run = Run, Sequence = _events.Count + 1, Time = Start.AddSeconds(_events.Count) });
        return this;
    }

    public SampleRun Metrics(string stage, int attempt, params string[] lines)
    {
        File.WriteAllLines(Attempt(stage, attempt).Metrics, lines);
        return this;
    }

    public AttemptFolder Attempt(string stage, int attempt) => Folder.Attempt(new AttemptKey(Run, stage, attempt));

    public RunState State => RunState.Fold(_events);

    public Report Read() => ReportReader.Read(State, Folder);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    /// <summary>An evaluation of 256 prompts with 16 completions each.</summary>
    public static EvaluationReport Evaluation(string name, double passAt1, double format = 0.9, double? mixing = 0.1, double repetition = 0.02) => new()
    {
        Name = name, N = 256, K = 16, PassAt1 = new(passAt1, passAt1 - 0.03, passAt1 + 0.03), PassAtK = passAt1 + 0.2, ConsAtK = passAt1 + 0.1,
        // A quarter of the prompts by name: as many of the first right as make up the mean, and none of the others.
        PerPrompt = [.. Enumerable.Range(0, 64).Select(prompt => double.IsFinite(passAt1) ? Math.Clamp(passAt1 * 64 - prompt, 0, 1) : 0)],
        ProblemIds = [.. Enumerable.Range(0, 64).Select(prompt => $"prompt {prompt}")],
        Format = format, Mixing = mixing, Repetition = repetition, Truncation = 0.015, MeanLength = 41.26, Reflection = 0.08, Corrected = 0.03,
    };

    /// <summary>A thousand completions of 500 prompts, of which 420 are kept.</summary>
    public static FunnelReport Funnel(string wrong = "<think>2 plus 3 is 6</think><answer>6</answer>") => new()
    {
        Prompts = 500, Sampled = 1000, Kept = 420, PromptsKept = 400, General = 140, Trivial = 12,
        Steps =
        [
            new("truncated", "met the length limit", 12, 988, [new("2 + 3", "<think>2 plus 3 is 5\n2 plus 3 is 5\n2 plus 3 is 5\n2 plus 3 is 5\n2 plus 3 is 5\n2 plus 3 is 5\n2 plus")]),
            new("wrong", "the final answer is wrong", 448, 540, [new("2 + 3", wrong), new("2 + 4", "<think>2 plus 4 is 7</think><answer>7</answer>")]),
            new("code_block", "a code block in the chain of thought", 0, 540, []),
            new("surplus", "more than 1 of its prompt; the first are kept", 120, 420, [new("2 + 3", "<think>3 plus 2 is 5</think><answer>5</answer>")]),
        ],
    };

    /// <summary>A finished run like the quickstart's, with curves that look like training.</summary>
    public static SampleRun Quickstart()
    {
        (string Id, string Name, double PassAt1, double Format, double Mixing, double Repetition)[] models =
        [
            ("base", "base", 0.31, 0.62, 0.24, 0.11), ("r1_zero", "R1-Zero", 0.58, 0.97, 0.21, 0.08), ("cold_start", "Dev1", 0.47, 0.98, 0.05, 0.02),
            ("reasoning_rl", "Dev2", 0.66, 0.99, 0.012, 0.01), ("sft", "Dev3", 0.63, 0.99, 0.015, 0.01), ("r1", "R1", 0.71, 0.995, 0.01, 0.008),
            ("student_half", "student 1/2", 0.55, 0.98, 0.02, 0.01), ("student_quarter", "student 1/4", 0.38, 0.97, 0.03, 0.02),
        ];
        var run = new SampleRun().With("data", "generate_data");
        foreach (var model in models) run.With(model.Id, model.Id is "r1_zero" or "reasoning_rl" or "r1" ? "grpo" : "sft");
        run.With("helpfulness", "reward_model").With("safety", "reward_model").With("curated", "rejection_sampling");
        foreach (var model in models) run.With($"evaluate_{model.Id}", "evaluation", model.Id);
        run.Submit("DeepSeek-R1 in miniature, on two cores");

        run.Begin("data").Succeed("data", seconds: 1.9);
        var random = new Random(1);
        foreach (var (i, model) in models.Index())
        {
            run.Begin(model.Id).Succeed(model.Id, seconds: 40 + 25 * i, tokens: 1_800_000 + 400_000 * i);
            if (model.Id is not ("r1_zero" or "reasoning_rl" or "r1")) continue;
            run.Metrics(model.Id, 1, [.. Enumerable.Range(1, model.Id == "r1" ? 60 : 100).Select(step => Row(step, 1 - Math.Exp(-step / 30.0), i, random))]);
        }
        run.Begin("helpfulness").Succeed("helpfulness", metrics: new() { ["accuracy"] = 0.914, ["accuracy_low"] = 0.868, ["accuracy_high"] = 0.947, ["n"] = 201 });
        run.Begin("safety").Succeed("safety", metrics: new() { ["accuracy"] = 0.955, ["accuracy_low"] = 0.917, ["accuracy_high"] = 0.979, ["n"] = 198 });
        run.Begin("curated").Succeed("curated", funnel: Funnel());
        foreach (var model in models) run.Evaluate($"evaluate_{model.Id}", Evaluation(model.Name, model.PassAt1, model.Format, model.Mixing, model.Repetition));
        return run.Add(new RunSucceeded());
    }

    private static string Row(int step, double learnt, int stage, Random random) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"step":{{step}},"reward":{{0.8 + 0.2 * stage + 0.7 * learnt + 0.08 * random.NextDouble():0.0000}},"completions/mean_length":{{36 + stage + 9 * learnt + 1.5 * random.NextDouble():0.00}},"completions/reflection_ratio":{{0.05 + 0.1 * learnt + 0.04 * random.NextDouble():0.000}}{{(step % 20 == 0 ? $",\"eval/pass@1\":{0.3 + 0.05 * stage + 0.3 * learnt:0.000}" : "")}}}""");
}
