using System.Text.Json.Nodes;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Engine.Tests.Simulation;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using static Pipeline.Engine.Tests.Pipelines;

namespace Pipeline.Engine.Tests.Loop;

/// <summary>Single stories in the virtual world, where nothing goes wrong but what the story tells.</summary>
public class RunEngineTests
{
    private static readonly StageProgram Program = new(["/stage"], "build");

    private TemporaryFolder _folder = null!;
    private StateFolder _state = null!;
    private VirtualWorld _world = null!;
    private MemoryRunStore _journal = null!;
    private Chaos _calm = null!;
    private RunClient _client = null!;
    private SimulatedMachine _machine = null!;

    [SetUp]
    public void MakeWorld()
    {
        _folder = new TemporaryFolder();
        _state = StateFolder.Open(_folder.Path);
        _world = new VirtualWorld();
        _journal = new MemoryRunStore();
        _calm = new Chaos(1) { Rages = false };
        _client = new RunClient(_journal, _world, _calm.Random);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Run_OfOneStage_WritesItsStoryIntoTheJournal()
    {
        var run = Complete(new Scenario((Stage("a"), [Ending.Succeeded])));
        Assert.That(Kinds(run).Where(kind => kind != nameof(AlarmRaised)), Is.EqualTo(new[]
        {
            nameof(RunSubmitted), nameof(AttemptIntended), nameof(AttemptStarted), nameof(CheckpointRecorded),
            nameof(AttemptSucceeded), nameof(RunSucceeded),
        }));
    }

    [Test]
    public void Disk_WithoutRoom_NothingIsStartedAndTheRunCanBeResumed()
    {
        var run = Complete(new Scenario((Stage("a"), [Ending.Succeeded])), free: 15 << 20); // an attempt takes at least 16 MB
        var failure = State(run).Stage("a").Last!.Failure!;
        Assert.That((failure.Code, failure.Retry), Is.EqualTo((EngineErrors.DiskFull, false)));
        Assert.That(failure.Message, Does.Contain("15 MB left").And.Contain("at least 16 MB"));
        Assert.That(_machine.Jobs, Is.Empty);

        _machine.FreeBytes = 16 << 20;
        Resume(run);
        Assert.That(State(run).Phase, Is.EqualTo(RunPhase.Succeeded));
    }

    [Test]
    public void Job_IsToldWhatTheStagesBeforeItMade()
    {
        Complete(new Scenario((Stage("a"), [Ending.Succeeded]), (Stage("b", "a"), [Ending.Succeeded])));
        var made = _machine.Jobs.Single(job => job.File.Stage == "a");
        var told = _machine.Jobs.Single(job => job.File.Stage == "b").File;
        Assert.That(told.Inputs["a"], Is.EqualTo(new JobInput(
            made.File.Outputs["model"], "model", made.Folder.Result!.Outputs["model"].Digest)));
        Assert.That(told.Cpus, Is.EqualTo(2), "all of the machine");
    }

    [Test]
    public void Job_OfAStageThatMayEndEarly_IsToldWhen()
    {
        StopCondition[] reasons = [new() { Alarm = "REWARD_HACKING" }];
        Complete(new Scenario((Stage("a") with { StopWhen = reasons }, [Ending.Succeeded])));
        Assert.That(_machine.Jobs.Single().File.StopWhen, Is.EqualTo(reasons));
    }

    [Test]
    public void SecondRun_OfThePipeline_TakesTheOutputsOfTheFirst()
    {
        var scenario = new Scenario((Stage("a"), [Ending.Succeeded]), (Stage("b", "a"), [Ending.Succeeded]));
        var first = Complete(scenario);
        var second = Complete(scenario);
        Assert.That(Kinds(second), Is.EqualTo(new[]
            { nameof(RunSubmitted), nameof(StageCached), nameof(StageCached), nameof(RunSucceeded) }));
        var cached = State(second).Stage("b").Cached!;
        Assert.That((cached.SourceRun, cached.SourceAttempt), Is.EqualTo((first, 1)));
        Assert.That(State(second).Stage("b").Outputs, Is.EqualTo(State(first).Stage("b").Outputs));
    }

    [Test]
    public void SecondRun_WithAnotherOption_StartsAnewAndSaysWhatDiffers()
    {
        Complete(new Scenario((With("a", """{"learning_rate":1e-4,"epochs":2}"""), [Ending.Succeeded])));
        var second = Complete(new Scenario((With("a", """{"learning_rate":5e-5,"epochs":2}"""), [Ending.Succeeded])));
        Assert.That(State(second).Stage("a").Last!.Intent.CacheMiss, Does.StartWith("learning_rate 1e-4 -> 5e-5"));

        static ResolvedStage With(string id, string options) =>
            Stage(id) with { Options = JsonNode.Parse(options)!.AsObject() };
    }

    [Test]
    public void SecondRun_AfterAnOutputWasChanged_MakesItAnew()
    {
        var scenario = new Scenario((Stage("a"), [Ending.Succeeded]));
        var first = Complete(scenario);
        var output = State(first).Stage("a").Outputs["model"].Path;
        _machine.Artifacts[output] = "sha256:touched";
        var second = Complete(scenario);
        Assert.That(State(second).Stage("a").Phase, Is.EqualTo(StagePhase.Succeeded));
        Assert.That(State(second).Stage("a").Last!.Intent.CacheMiss, Does.Contain(output));
    }

    [Test]
    public void Input_ThatIsNotThere_FailsTheStageWithoutAJob_AndItGoesOnWhenItIs()
    {
        var stage = Stage("a") with
        {
            Inputs = new Dictionary<string, StageInput> { ["dataset"] = new("dataset", Path: "/data/train.parquet") },
        };
        var run = Complete(new Scenario((stage, [Ending.Succeeded])));
        var failure = State(run).Stage("a").Last!.Failure!;
        Assert.That((failure.Class, failure.Code), Is.EqualTo((FailureClass.Config, EngineErrors.InputMissing)));
        Assert.That(failure.Message, Does.Contain("'dataset'").And.Contain("/data/train.parquet").And.Contain("resume"));
        Assert.That(_machine.Jobs, Is.Empty);

        _machine.Artifacts["/data/train.parquet"] = "sha256:data";
        Resume(run);
        Assert.That(State(run).Stage("a").Phase, Is.EqualTo(StagePhase.Succeeded));
    }

    [Test]
    public void Executor_ThatRefusesAJob_FailsTheStageWithItsCode()
    {
        var run = Complete(new Scenario((Stage("a"), [Ending.Succeeded])), refuse: new ExecutorException("NO_GPU", "There is no GPU here."));
        var failure = State(run).Stage("a").Last!.Failure!;
        Assert.That((failure.Class, failure.Code, failure.Message), Is.EqualTo((FailureClass.Failed, "NO_GPU", "There is no GPU here.")));
        Assert.That(State(run).Phase, Is.EqualTo(RunPhase.Failed));
    }

    [Test]
    public void Gate_ThatDoesNotPass_IsRecordedWithItsValue_TogetherWithTheStagesEnd_AlsoFromTheCache()
    {
        var gated = Stage("a") with { Gates = [new Gate("accuracy", Comparison.GreaterOrEqual, 0.5)] };
        var scenario = new Scenario((gated, [Ending.Succeeded]), (Stage("b", "a"), [Ending.Succeeded]));
        foreach (var end in new[] { nameof(AttemptSucceeded), nameof(StageCached) })
        {
            var run = Complete(scenario, metrics: new() { ["accuracy"] = 0.25 });
            Assert.That(Kinds(run).TakeLast(3), Is.EqualTo(new[] { end, nameof(GateEvaluated), nameof(RunFailed) }));
            var gate = State(run).Stage("a").Gates.Single();
            Assert.That((gate.Value, gate.Bound, gate.Passed), Is.EqualTo(((double?)0.25, ">= 0.5", false)));
            Assert.That(State(run).Stage("b").Phase, Is.EqualTo(StagePhase.Blocked));
        }
    }

    [Test]
    public void Condition_OnAMetricThatNobodyReports_FailsTheStageWithoutAJob()
    {
        var condition = new RunCondition { Stage = "a", Metric = "accuracy", Op = Comparison.Less, Value = 1.0 };
        var run = Complete(new Scenario((Stage("a"), [Ending.Succeeded]), (Stage("b", "a") with { If = condition }, [Ending.Succeeded])), metrics: new() { ["loss"] = 2 });
        var failure = State(run).Stage("b").Last!.Failure!;
        Assert.That((failure.Class, failure.Code), Is.EqualTo((FailureClass.Config, EngineErrors.MetricMissing)));
        Assert.That(failure.Message, Does.Contain("reported loss"));
        Assert.That(_machine.Jobs, Has.Count.EqualTo(1));
    }

    [Test]
    public void Resume_FromAStage_MakesItAnew_AndTakesWhatDidNotChangeFromTheCache()
    {
        var scenario = new Scenario((Stage("a"), [Ending.Succeeded, Ending.KilledAfterCheckpoint, Ending.Succeeded]), (Stage("b", "a"), [Ending.Succeeded]));
        var run = Complete(scenario);
        _world.Run(async () =>
        {
            await _client.Resume(run, new RunResumed { From = ["a"] });
            await Work(until: run);
        });
        // The second attempt starts afresh though the first left a checkpoint; the third goes on from that of the second.
        Assert.That(State(run).Stage("a").Attempts.Select(attempt => attempt.Intent.ResumeStep is not null), Is.EqualTo(new[] { false, false, true }));
        Assert.That(State(run).Stage("b").Cached!.SourceRun, Is.EqualTo(run), "equal inputs make equal outputs");
        Assert.That(State(run).Phase, Is.EqualTo(RunPhase.Succeeded));
    }

    [Test]
    public void Matrix_WithFailFast_StopsTheOthersAfterACheckpoint()
    {
        var stages = Matrix("x", 2);
        var run = Complete(new Scenario((stages[0], [Ending.FailedByItself]), (stages[1], [Ending.Hung])));
        var stopped = State(run).Stage("x[seed=2]");
        Assert.That((stopped.Phase, stopped.Last!.Failure!.Class, stopped.Last.GainedCheckpoint), Is.EqualTo((StagePhase.Cancelled, FailureClass.Cancelled, true)));
        Assert.That(_machine.Jobs, Has.Count.EqualTo(2));
    }

    [Test]
    public void Matrix_WithMaxParallelOne_RunsOneInstanceAfterTheOther()
    {
        var stages = Matrix("x", 3, maxParallel: 1);
        var run = Complete(new Scenario([.. stages.Select(stage => (stage, (Ending[])[Ending.Succeeded]))]));
        var facts = _journal.Read(run).Result;
        Assert.That(facts.Where(fact => fact is AttemptIntended or AttemptSucceeded).Select(fact => ((AttemptFact)fact).Instance), Is.EqualTo(new[]
            { "x[seed=1]", "x[seed=1]", "x[seed=2]", "x[seed=2]", "x[seed=3]", "x[seed=3]" }));
        Assert.That(_machine.Jobs.Select(job => job.Request.Handle.Folder.Path), Has.All.Matches(@"/x\.seed=\d/attempt-1$"));
    }

    [Test]
    public void Approval_OutlivesTheEngine_AndIsAnsweredWhileNoneIsAtWork()
    {
        var stage = Stage("a") with { Approval = new("Promote?") };
        _machine = new SimulatedMachine(_world, new Scenario((stage, [Ending.Succeeded])), _calm);
        var run = "";
        _world.Run(async () =>
        {
            run = await _client.Submit(new ResolvedPipeline { Name = "p", File = "/p.yaml", Stages = [stage] }, Program);
            await Work(TimeSpan.FromHours(2));
            Assert.That(State(run).Stage("a").Phase, Is.EqualTo(StagePhase.AwaitingApproval));
            await _client.Answer(run, "a", approved: true, "ann");
            await _client.Answer(run, "a", approved: true, "bob");
            await Work(until: run);
        });
        Assert.That(Kinds(run).Take(3), Is.EqualTo(new[] { nameof(RunSubmitted), nameof(ApprovalRequested), nameof(ApprovalGiven) }));
        Assert.That(Kinds(run)[^1], Is.EqualTo(nameof(RunSucceeded)));
    }

    [TestCase(ApprovalTimeout.Reject, RunPhase.Failed)]
    [TestCase(ApprovalTimeout.Approve, RunPhase.Succeeded)]
    public void Approval_ThatNobodyGives_IsDecidedAtItsDeadline(ApprovalTimeout onTimeout, RunPhase end)
    {
        var run = Complete(new Scenario((Stage("a") with { Approval = new("Promote?", 3600, onTimeout) }, [Ending.Succeeded])));
        Assert.That(State(run).Phase, Is.EqualTo(end));
        var facts = _journal.Read(run).Result;
        var (asked, answered) = (facts.OfType<ApprovalRequested>().Single(), facts.OfType<ApprovalGiven>().Single());
        // Journals are looked at every two seconds here.
        Assert.That(answered.Time - asked.Time, Is.InRange(TimeSpan.FromHours(1), TimeSpan.FromHours(1) + TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void OptionalList_OfWhichTheFirstIsSkipped_ReachesTheJobWithoutAGap()
    {
        var reader = Stage("c", "a", "b") with { Inputs = new Dictionary<string, StageInput>
        {
            ["general.0"] = new("model", "a", "model", Optional: true), ["general.1"] = new("model", "b", "model", Optional: true),
        } };
        var never = new RunCondition { Stage = "b", Metric = "accuracy", Op = Comparison.Less, Value = 0.0 };
        Complete(
            new Scenario((Stage("b"), [Ending.Succeeded]), (Stage("a") with { Needs = ["b"], If = never }, [Ending.Succeeded]), (reader, [Ending.Succeeded])),
            metrics: new() { ["accuracy"] = 1 });
        var told = _machine.Jobs.Single(job => job.File.Stage == "c").File.InputsOf("general");
        Assert.That(told.Single().Path, Does.Contain("/b/"));
    }

    [Test]
    public void DetachedEngine_LeavesTheJob_AndTheNextAttaches()
    {
        _machine = new SimulatedMachine(_world, new Scenario((Stage("a"), [Ending.Hung, Ending.Succeeded])), _calm);
        var run = "";
        _world.Run(async () =>
        {
            run = await _client.Submit(Pipeline("a"), Program);
            await Work(TimeSpan.FromSeconds(20));
            Assert.That(_machine.Jobs.Single().Phase, Is.EqualTo(JobPhase.Running));
            await Work(until: run);
        });
        Assert.That(Kinds(run).Count(kind => kind == nameof(AttemptAttached)), Is.EqualTo(1));
        Assert.That(State(run).Stage("a").Attempts.Select(attempt => attempt.Failure?.Class),
            Is.EqualTo(new FailureClass?[] { FailureClass.Stalled, null }));
    }

    [Test]
    public void Journal_OfANewerVersion_EndsTheEngineWithItsCode()
    {
        _machine = new SimulatedMachine(_world, new Scenario(), _calm);
        var newer = new EngineException(EngineErrors.JournalNewer, "Newer.");
        _world.Run(async () =>
        {
            await _client.Submit(Pipeline("a"), Program);
            var error = await Caught(Engine(new FailingStore(_journal, newer)).Run(CancellationToken.None));
            Assert.That(error, Is.SameAs(newer));
        });
    }

    [Test]
    public void DiskThatIsFull_EndsTheEngine_AndTheNextGoesOn()
    {
        _machine = new SimulatedMachine(_world, new Scenario((Stage("a"), [Ending.Succeeded])), _calm);
        var run = "";
        _world.Run(async () =>
        {
            run = await _client.Submit(Pipeline("a"), Program);
            var full = new FailingStore(_journal, new EngineException(EngineErrors.DiskFull, "Full.")) { ReadsFail = false, AppendsUntilFailure = 1 };
            var error = await Caught(Engine(full).Run(CancellationToken.None)) as EngineException;
            Assert.That(error?.Code, Is.EqualTo(EngineErrors.DiskFull));
            await Work(until: run);
        });
        Assert.That(State(run).Phase, Is.EqualTo(RunPhase.Succeeded));
        Assert.That(_machine.Jobs, Has.Count.EqualTo(1));
    }

    private static ResolvedPipeline Pipeline(string stage) => new() { Name = "p", File = "/p.yaml", Stages = [Stage(stage)] };

    private string Complete(
        Scenario scenario, ExecutorException? refuse = null, long free = 1L << 40, Dictionary<string, double>? metrics = null)
    {
        var before = _machine;
        _machine = new SimulatedMachine(_world, scenario, _calm) { Refuses = refuse, FreeBytes = free, Metrics = metrics ?? [] };
        foreach (var (path, digest) in before?.Artifacts ?? []) _machine.Artifacts[path] = digest;
        var run = "";
        _world.Run(async () =>
        {
            run = await _client.Submit(scenario.Pipeline, Program);
            await Work(until: run);
        });
        return run;
    }

    private void Resume(string run) => _world.Run(async () =>
    {
        await _client.Resume(run, new RunResumed());
        await Work(until: run);
    });

    /// <summary>An engine works for a time, or until the run is over; then it is detached.</summary>
    private async Task Work(TimeSpan? time = null, string? until = null)
    {
        using var detach = new CancellationTokenSource();
        using var engine = Engine(_journal);
        var work = engine.Run(detach.Token);
        if (time is { } span) await Task.Delay(span, _world);
        else await foreach (var _ in _client.Follow(until!)) { }
#pragma warning disable CA1849 // CancelAsync would go on in the thread pool, outside of the virtual world
        detach.Cancel();
#pragma warning restore CA1849
        await work;
    }

    private RunEngine Engine(IRunStore store) => SimulatedEngine.Of(_state, _world, _machine, _world.Outside, _calm, store);

    private static async Task<Exception?> Caught(Task work)
    {
        try
        {
            await work;
            return null;
        }
        catch (Exception error) { return error; }
    }

    private RunState State(string run) => RunState.Fold(_journal.Read(run).Result);

    private string[] Kinds(string run) => [.. _journal.Read(run).Result.Select(fact => fact.GetType().Name)];

    /// <summary>A store that does not work.</summary>
    private sealed class FailingStore(MemoryRunStore journal, Exception error) : IRunStore
    {
        public bool ReadsFail { get; init; } = true;

        public int AppendsUntilFailure { get; set; }

        public Task Append(string run, long expectedSequence, IReadOnlyList<JournalEvent> events) =>
            AppendsUntilFailure-- > 0 ? journal.Append(run, expectedSequence, events) : Task.FromException(error);

        public Task<IReadOnlyList<JournalEvent>> Read(string run, long afterSequence = 0, int limit = int.MaxValue) =>
            ReadsFail ? Task.FromException<IReadOnlyList<JournalEvent>>(error) : journal.Read(run, afterSequence, limit);

        public Task<JournalChanges> Changes(long afterPosition) => journal.Changes(afterPosition);

        public Task<IReadOnlyList<RunSummary>> Unfinished() => journal.Unfinished();

        public Task<IReadOnlyList<RunSummary>> Newest(int limit, string? before = null) => journal.Newest(limit, before);

        public Task<RunSummary?> Find(string run) => journal.Find(run);

        public Task<IReadOnlyList<AttemptSucceeded>> Succeeded(string fingerprint) => journal.Succeeded(fingerprint);

        public Task<IReadOnlyList<AttemptSummary>> AttemptsOf(string fingerprint) => journal.AttemptsOf(fingerprint);

        public Task<IReadOnlyList<AttemptSummary>> AttemptsAt(string pipeline, string instance, int limit) =>
            journal.AttemptsAt(pipeline, instance, limit);

        public Task Delete(IReadOnlyCollection<string> runs) => journal.Delete(runs);

        public Task<IReadOnlyList<string>> Deleted() => journal.Deleted();

        public Task Forget(string run) => journal.Forget(run);
    }
}
