using Pipeline.Engine;
using Pipeline.Engine.Runs;
using Pipeline.Executors.Local;
using Pipeline.Protocol;

namespace Pipeline.Recovery.Tests;

/// <summary>
/// The engine is killed at each of its named places, and the run goes on to the end it would have had. A place that is
/// never reached fails its test.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class CrashPointTests
{
    private const string Work = "steps: 6, step_ms: 20, checkpoint_every: 2";

    private static IEnumerable<string> Points(params string[] names) => CrashPoint.Around(names);

    private static IEnumerable<string> WhileDeciding => Points(Decisions);

    // Whatever is not reached by a story of its own below must be reached by this one.
    private static IEnumerable<string> WhileWorking => EngineCrashPoints.All.Concat(LocalCrashPoints.Engine).Except(Points(
    [
        "append-RunFailed", "append-RunResumed", "append-StageCached", "append-AttemptAttached",
        "append-AttemptFailed", "append-RetryScheduled",
        "append-RunCancelRequested", "stop", "stop-order", "append-RunCancelled", "append-RunPinned",
        "notify", "append-NotificationSent", "append-NotificationFailed",
        .. Decisions, .. EngineCrashPoints.Deletions,
    ]));

    private static readonly string[] Decisions = ["append-GateEvaluated", "append-StageSkipped", "append-ApprovalRequested", "append-ApprovalGiven"];

    [TestCaseSource(nameof(WhileWorking))]
    public void Engine_KilledWhileItWorks_GoesOn(string point)
    {
        // A second stage where it matters what follows the first.
        var followed = point.StartsWith("append-AttemptSucceeded", StringComparison.Ordinal) || point.StartsWith("prune", StringComparison.Ordinal);
        using var bench = new RunBench(
            [RunBench.Stage("a", $"{Work}, alarm_at: 1", more: "checkpoints: { keep_last: 1 }"), .. followed ? [RunBench.Stage("b", Work, needs: "a")] : Array.Empty<string>()]);
        AssertKilled(bench.Start("run", point));
        if (point is "append-RunSubmitted-before" || point.StartsWith("layout", StringComparison.Ordinal)) Assert.That(bench.Do("run"), Is.Zero);
        AssertDone(bench, followed ? ["a", "b"] : ["a"]);
    }

    [TestCaseSource(nameof(WhileDeciding))]
    public void Engine_KilledWhileItDecides_DecidesOnceAndTheSame(string point)
    {
        using var bench = new RunBench(
            RunBench.Stage("a", $"{Work}, metrics: {{ score: 1 }}", "",
                "approval: { message: \"Begin?\", timeout: 50ms, on_timeout: approve }", "gates: [ { metric: score, op: \">=\", value: 1 } ]"),
            RunBench.Stage("b", Work, "", "if: { stage: a, metric: score, op: \"<\", value: 1 }"));
        AssertKilled(bench.Start("run", point));
        AssertDone(bench, "a");
        var journal = bench.Journal(bench.LatestRun!);
        Assert.That(journal.Select(fact => "append-" + fact.GetType().Name).Where(Decisions.Contains), Is.EquivalentTo(Decisions), "each is taken once");
        Assert.That(journal.OfType<StageSkipped>().Single().Instance, Is.EqualTo("b"));
    }

    [TestCaseSource(nameof(Points), new object[] { new[] { "append-AttemptFailed", "append-RetryScheduled" } })]
    public void Engine_KilledWhileAStageFails_TriesItAgain(string point)
    {
        using var bench = new RunBench(RunBench.Stage("a", $"{Work}, fail_at: 3, bad_attempts: 1", more: "retry: { on: [failed] }"));
        AssertKilled(bench.Start("run", point));
        AssertDone(bench, "a");
    }

    [TestCaseSource(nameof(Points), new object[] { new[] { "append-RunFailed" } })]
    public void Engine_KilledWhileARunFails_TellsThatItFailed(string point)
    {
        using var bench = new RunBench(RunBench.Stage("a", $"{Work}, fail_at: 3, exit_code: 78"));
        AssertKilled(bench.Start("run", point));
        if (point.EndsWith("before", StringComparison.Ordinal)) Assert.That(bench.Do("resume"), Is.EqualTo(1));
        Assert.That(RunState.Fold(bench.Journal(bench.LatestRun!)).Phase, Is.EqualTo(RunPhase.Failed));
        Assert.That(bench.Ledger.Starts.Count(), Is.EqualTo(1), "a wrong configuration is not tried again");
    }

    [TestCaseSource(nameof(Points), new object[] { new[] { "append-RunResumed" } })]
    public void Command_KilledWhileItResumes_CanBeRepeated(string point)
    {
        using var bench = new RunBench(RunBench.Stage("a", $"{Work}, fail_at: 3, bad_attempts: 1"));
        Assert.That(bench.Do("run"), Is.EqualTo(1));
        AssertKilled(bench.Start("resume", point));
        AssertDone(bench, "a");
    }

    [TestCaseSource(nameof(Points), new object[] { new[] { "append-StageCached" } })]
    public void Engine_KilledWhileItTakesFromTheCache_StartsNothing(string point)
    {
        using var bench = new RunBench(RunBench.Stage("a", Work, more: "code: [pipeline.yaml]"));
        Assert.That(bench.Do("run"), Is.Zero);
        AssertKilled(bench.Start("run", point));
        Assert.That(bench.Finish().Phase, Is.EqualTo(RunPhase.Succeeded));
        Assert.That(bench.Ledger.Starts.Count(), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Points), new object[] { new[] { "append-AttemptAttached" } })]
    public void Engine_KilledWhileItAttaches_AttachesAgain(string point)
    {
        using var bench = Held();
        StartAndWaitForTheStage(bench).Kill();
        AssertKilled(bench.Start("resume", point));
        bench.Release();
        AssertDone(bench, "a");
        Assert.That(bench.Ledger.Starts.Count(), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Points), new object[] { new[] { "append-RunCancelRequested" } })]
    public void Command_KilledWhileItCancels_CanBeRepeated(string point)
    {
        using var bench = Held();
        var engine = StartAndWaitForTheStage(bench);
        AssertKilled(bench.Start("cancel", point));
        if (point.EndsWith("before", StringComparison.Ordinal)) Assert.That(bench.Do("cancel"), Is.Zero);
        Assert.That(engine.WaitForExit(), Is.EqualTo(3), engine.Output);
        bench.Release();
        AssertDone(bench, "a");
    }

    [TestCaseSource(nameof(Points), new object[] { new[] { "stop", "stop-order", "append-RunCancelled" } })]
    public void Engine_KilledWhileARunIsCancelled_IsReplacedByTheOneWhoCancels(string point)
    {
        using var bench = Held();
        var engine = StartAndWaitForTheStage(bench, point);
        Assert.That(bench.Do("cancel"), Is.Zero);
        AssertKilled(engine);
        Assert.That(RunState.Fold(bench.Journal(bench.LatestRun!)).Phase, Is.EqualTo(RunPhase.Cancelled));
        bench.Release();
        AssertDone(bench, "a");
    }

    [TestCaseSource(nameof(Points), new object[] { new[] { "append-RunPinned" } })]
    public void Command_KilledWhileItPins_CanBeRepeated(string point)
    {
        using var bench = new RunBench(RunBench.Stage("a", "steps: 2"));
        Assert.That(bench.Do("run"), Is.Zero);
        AssertKilled(bench.Start("pin", point));
        Assert.That(bench.Do("pin"), Is.Zero);
        Assert.That(bench.Journal(bench.LatestRun!).OfType<RunPinned>().Count(), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Points), new object[] { new[] { "notify", "append-NotificationSent", "append-NotificationFailed" } })]
    public void Engine_KilledWhileItNotifies_NotifiesUnderOneKeyAndRecordsItOnce(string point)
    {
        using var receiver = new Receiver(point.Contains("Failed", StringComparison.Ordinal) ? [500] : []);
        using var bench = new RunBench(RunBench.Stage("a", "steps: 2"), $"notify: [ {{ on: [succeeded, failed], webhook: \"{receiver.Address}\" }} ]\n");
        AssertKilled(bench.Start("run", point));
        Assert.That(bench.Do("resume"), Is.Zero); // the run has succeeded; what it owes is left to an engine in the background
        Deadline.Await(() => Told().Count > 0, () => "the notification to be recorded");
        Assert.That(Told(), Has.Count.EqualTo(1));
        Assert.That(receiver.Received.Select(letter => letter.Key).Distinct().Count(), Is.EqualTo(1));
        // Sent and not recorded: it is sent again.
        var lost = point is "notify-after" or "append-NotificationSent-before" or "append-NotificationFailed-before" or "append-NotificationFailed-after";
        Assert.That(receiver.Received, Has.Count.EqualTo(lost ? 2 : 1));

        List<NotificationSent> Told() => [.. bench.Journal(bench.LatestRun!).OfType<NotificationSent>()];
    }

    private static IEnumerable<string> WhileDeleting(bool runs) =>
        CrashPoint.Around([.. EngineCrashPoints.Deletions.Where(name => name.StartsWith("run-", StringComparison.Ordinal) == runs)]);

    // One state folder for all places: a run takes longer than all the collections.
    [Test]
    public void Gc_KilledWhileItDeletesCheckpoints_KeepsTheNewest_AndTheNextFreesTheRest()
    {
        using var bench = new RunBench(FailsAfterThreeCheckpoints);
        var (pinned, old) = (Failed(bench, pin: true), Failed(bench));
        var (checkpoints, copy) = (Path.Combine(bench.Attempts(old, "a")[0], "checkpoints"), Path.Combine(bench.State, "copy"));
        Copy(checkpoints, copy);
        foreach (var point in WhileDeleting(runs: false))
        {
            Copy(copy, checkpoints);
            Directory.CreateDirectory(Path.Combine(checkpoints, "step-000009.tmp-1")); // what a killed process left of one

            AssertKilled(bench.Start("gc", point));

            AssertStays(bench, pinned);
            Assert.That(bench.CheckpointsOf(old, "a"), Does.Contain("step-000003"), "the newest is what a resume goes on from");
            AssertNextFreesTheRest(bench);
            Assert.That(bench.CheckpointsOf(old, "a"), Is.EqualTo(new[] { "step-000003" }), point);
        }
    }

    [Test]
    public void Gc_KilledWhileItDeletesARun_KeepsThePinned_AndTheNextFreesTheRest()
    {
        using var bench = new RunBench(FailsAfterThreeCheckpoints);
        var pinned = Failed(bench, pin: true);
        foreach (var point in WhileDeleting(runs: true))
        {
            var old = Failed(bench);

            AssertKilled(bench.Start("gc", point, "--runs-older-than", "0"));

            AssertStays(bench, pinned);
            AssertNextFreesTheRest(bench, "--runs-older-than", "0");
            Assert.That(Directory.Exists(Path.Combine(bench.State, "runs", old)), Is.False, point);
        }
    }

    private static readonly string FailsAfterThreeCheckpoints =
        RunBench.Stage("a", "steps: 4, checkpoint_every: 1, fail_at: 4, exit_code: 78", more: "checkpoints: { keep_last: 1 }");

    private static string Failed(RunBench bench, bool pin = false)
    {
        Assert.That(bench.Do("run"), Is.EqualTo(1));
        if (pin) Assert.That(bench.Do("pin"), Is.Zero);
        return bench.LatestRun!;
    }

    private static void AssertStays(RunBench bench, string pinned)
    {
        Assert.That(bench.Journal(pinned).Count, Is.GreaterThan(1), "what is pinned stays, whatever happens");
        Assert.That(bench.CheckpointsOf(pinned, "a"), Is.EqualTo(new[] { "step-000001", "step-000002", "step-000003" }));
    }

    private static void AssertNextFreesTheRest(RunBench bench, params string[] asked)
    {
        Assert.That(bench.Do("gc", asked), Is.Zero);
        Assert.That(bench.Json("gc", [.. asked, "--dry-run"]).GetArrayLength(), Is.Zero, "nothing is left over");
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    /// <summary>A pipeline whose only stage waits before its third step.</summary>
    private static RunBench Held() => new(gate => RunBench.Stage("a", $"{Work}, hold_at: 3, hold_until: \"{gate}\""));

    private static PipelineProcess StartAndWaitForTheStage(RunBench bench, string? crashAt = null)
    {
        var engine = bench.Start("run", crashAt);
        Deadline.Await(() => bench.IsHeld("a"), () => $"the stage to be held\n{engine.Output}");
        return engine;
    }

    private static void AssertKilled(PipelineProcess process) =>
        Assert.That(process.WaitForExit(), Is.EqualTo(PipelineProcess.Killed), $"the place was not reached\n{process.Output}");

    private static void AssertDone(RunBench bench, params string[] stages)
    {
        var ended = bench.Finish();
        Assert.That(ended.Phase, Is.EqualTo(RunPhase.Succeeded), string.Join(' ', ended.Stages.Select(stage => stage.Last?.Failure?.Message)));
        Assert.That(bench.Ledger.StartedTwice, Is.Empty);
        AssertOneOfEach(bench.Journal(ended.Run));
        foreach (var stage in stages) Assert.That(bench.OutputOf(ended.Run, stage), Is.EqualTo(Unbroken.Value[stage]), stage);
    }

    /// <summary>The journal has no attempt twice, and none without an end.</summary>
    private static void AssertOneOfEach(IReadOnlyList<JournalEvent> journal)
    {
        var intended = journal.OfType<AttemptIntended>().Select(fact => fact.Token).ToList();
        var ended = journal.OfType<AttemptFact>().Where(fact => fact is AttemptSucceeded or AttemptFailed).Select(fact => fact.Token);
        Assert.That(intended, Is.Unique);
        Assert.That(ended, Is.EquivalentTo(intended));
    }

    /// <summary>What the stages make if nobody disturbs them; it depends on their names and steps alone.</summary>
    private static readonly Lazy<Dictionary<string, string>> Unbroken = new(() =>
    {
        using var bench = new RunBench(RunBench.Stage("a", "steps: 6"), RunBench.Stage("b", "steps: 6", needs: "a"));
        Assert.That(bench.Do("run"), Is.Zero);
        return new[] { "a", "b" }.ToDictionary(stage => stage, stage => bench.OutputOf(bench.LatestRun!, stage));
    });
}
