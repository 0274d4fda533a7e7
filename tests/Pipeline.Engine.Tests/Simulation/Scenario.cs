using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>How a simulated job ends.</summary>
internal enum Ending
{
    // After these the stage goes on.
    InterruptedAfterCheckpoint, KilledAfterCheckpoint, Killed, Vanished, Hung, HungAfterCheckpoint,

    // After these the stage is over.
    Succeeded, SucceededUnseen, WrongConfiguration, FailedByItself, OutputNotAsClaimed, ResultOfAnother,
}

/// <summary>A random pipeline, how each attempt at its stages will end, and so how the run must end.</summary>
internal sealed class Scenario
{
    private static readonly Ending[] Free = [Ending.InterruptedAfterCheckpoint, Ending.KilledAfterCheckpoint, Ending.HungAfterCheckpoint];
    private static readonly Ending[] Counted = [Ending.Killed, Ending.Vanished, Ending.Hung];
    private static readonly Ending[] Failures =
        [Ending.WrongConfiguration, Ending.FailedByItself, Ending.OutputNotAsClaimed, Ending.ResultOfAnother];

    /// <summary>What every stage reports.</summary>
    public const string Metric = "score";

    /// <summary>The value of <see cref="Metric"/>.</summary>
    public const double Score = 1;

    private readonly Dictionary<string, Queue<Ending>> _scripts = [];
    private readonly HashSet<string> _done = [];

    /// <summary>A pipeline whose stages end as told.</summary>
    public Scenario(params (ResolvedStage Stage, Ending[] Endings)[] stages)
    {
        foreach (var (stage, endings) in stages) _scripts[stage.Instance] = new Queue<Ending>(endings);
        Pipeline = new ResolvedPipeline { Name = "told", File = "/pipelines/told.yaml", Stages = [.. stages.Select(entry => entry.Stage)] };
    }

    /// <summary>A random pipeline whose stages end at random.</summary>
    public Scenario(Random random)
    {
        var stages = new List<ResolvedStage>();
        for (var i = 0; i < random.Next(1, 9); i++)
        {
            var id = $"stage_{i}";
            string[] needs = [.. stages.Where(_ => random.NextDouble() < 0.35).Select(stage => stage.Instance)];
            var stage = new ResolvedStage
            {
                Id = id,
                Instance = id,
                Uses = "sft",
                Needs = needs,
                Inputs = needs.Index().ToDictionary(need => $"in_{need.Index}", need => new StageInput(ArtifactKind.Model, Stage: need.Item, Output: "model")),
                Outputs = new Dictionary<string, string> { ["model"] = ArtifactKind.Model },
                Retry = new RetryPolicy(Limit: 3, InitialSeconds: 2, MaxSeconds: 60),
                Checkpoints = new(KeepLast: random.Next(1, 3)),
                Approval = random.NextDouble() < 0.15 ? new("Begin?", TimeoutSeconds: 20, random.NextDouble() < 0.93 ? ApprovalTimeout.Approve : ApprovalTimeout.Reject) : null,
                Gates = random.NextDouble() < 0.2 ? [new(Metric, Comparison.GreaterOrEqual, random.NextDouble() < 0.93 ? Score : Score + 1)] : [],
            };
            int? maxParallel = random.NextDouble() < 0.5 ? 1 : null;
            ResolvedStage[] instances = random.NextDouble() < 0.2
                ? [.. Enumerable.Range(1, random.Next(2, 4)).Select(seed => stage with { Instance = $"{id}[seed={seed}]", Matrix = new(new() { ["seed"] = seed }, maxParallel, FailFast: false) })]
                : [stage];
            foreach (var instance in instances)
            {
                stages.Add(instance with { Seed = stages.Count }); // no two stages share a fingerprint
                var script = Script(random);
                _scripts[instance.Instance] = script;
                if (script.Last() is Ending.Succeeded or Ending.SucceededUnseen && needs.All(_done.Contains) && Passes(stage)) _done.Add(instance.Instance);
            }
        }
        Pipeline = new ResolvedPipeline { Name = "simulated", File = "/pipelines/simulated.yaml", Stages = stages };
    }

    public ResolvedPipeline Pipeline { get; }

    /// <summary>Whether the stage must be done when the run is over.</summary>
    public bool MustBeDone(string stage) => _done.Contains(stage);

    /// <summary>Takes how the next attempt at a stage ends; the last of its script again and again.</summary>
    public Ending Next(string stage) => _scripts[stage] is { Count: > 1 } script ? script.Dequeue() : _scripts[stage].Peek();

    /// <summary>An attempt was stopped before its ending came true: it is the next one's.</summary>
    public void GiveBack(string stage, Ending ending)
    {
        if (ending >= Ending.Succeeded) return; // the last was only looked at
        _scripts[stage] = new Queue<Ending>([ending, .. _scripts[stage]]);
    }

    private static bool Passes(ResolvedStage stage) =>
        stage.Approval?.OnTimeout != ApprovalTimeout.Reject && stage.Gates.All(gate => gate.Value <= Score);

    private static Queue<Ending> Script(Random random)
    {
        var script = new List<Ending>();
        // At most 3 of them count against the limit of 3.
        for (var i = random.Next(0, 3); i > 0; i--) script.Add(Pick(random, Free));
        for (var i = random.Next(0, 4); i > 0; i--) script.Insert(random.Next(script.Count + 1), Pick(random, Counted));
        if (random.NextDouble() < 0.08) script.Add(Pick(random, Failures));
        else script.Add(random.NextDouble() < 0.1 ? Ending.SucceededUnseen : Ending.Succeeded);
        return new Queue<Ending>(script);
    }

    private static Ending Pick(Random random, Ending[] endings) => endings[random.Next(endings.Length)];
}
