using System.Diagnostics;
using Pipeline.Engine.Runs;
using Pipeline.Tests;

namespace Pipeline.Recovery.Tests.Reattach;

/// <summary>
/// The engine is killed while a job is in one of its phases, stays away for a while, and comes back: the job is found
/// again as it is, and the run ends as if nothing had happened. On this machine's processes and on a real Slurm.
/// </summary>
[TestFixture("local")]
[TestFixture("slurm")]
[Parallelizable(ParallelScope.Children)]
public sealed class ReattachMatrixTests(string executor)
{
    private const int Cpus = 4; // of a node of the test's cluster

    private SlurmCluster? _cluster;

    /// <summary>Phases of a job at the moment when its engine is killed, or what becomes of it before another comes.</summary>
    public enum Phase
    {
        /// <summary>It waits for processors that another job has.</summary>
        Queued,

        /// <summary>It was handed over, and the engine has not seen it run.</summary>
        Starting,

        /// <summary>It works.</summary>
        Running,

        /// <summary>It is in the middle of writing a checkpoint.</summary>
        Checkpointing,

        /// <summary>It was told to end and is writing its last checkpoint.</summary>
        Stopping,

        /// <summary>A person was asked whether it may begin, and says yes before another engine comes.</summary>
        AwaitingApproval,

        /// <summary>It works, and is done before another engine comes.</summary>
        FinishesMeanwhile,

        /// <summary>It works, and is killed before another engine comes.</summary>
        DiesMeanwhile,
    }

    [OneTimeSetUp]
    public void StartCluster()
    {
        if (executor == "slurm") _cluster = SlurmCluster.Start();
    }

    [OneTimeTearDown]
    public void EndCluster() => _cluster?.Dispose();

    [Test]
    public void Job_WhoseEngineWasAway_IsFoundAgain([Values] Phase phase, [Values(0, 2)] int secondsAway) => Away(phase, secondsAway);

    /// <summary>Longer than Slurm's and our own periods.</summary>
    [Test, Category("soak")]
    public void Job_WhoseEngineWasAwayForLong_IsFoundAgain([Values] Phase phase) => Away(phase, 20);

    private void Away(Phase phase, int seconds)
    {
        using var bench = new RunBench(gate => string.Concat(Stages(phase, gate)));
        var engine = Start(bench, phase);
        Reach(bench, engine, phase);
        engine.Kill();
        Meanwhile(bench, phase);
        Thread.Sleep(TimeSpan.FromSeconds(seconds)); // being away is what is tested

        if (phase is not (Phase.FinishesMeanwhile or Phase.DiesMeanwhile or Phase.Stopping)) bench.Release();
        if (phase == Phase.Stopping)
        {
            var next = bench.Start("resume");
            bench.Release();
            Assert.That(next.WaitForExit(), Is.EqualTo(3), $"the cancellation is carried to its end\n{next.Output}");
        }
        AssertDone(bench, bench.Finish(), attempts: phase is Phase.Stopping or Phase.DiesMeanwhile ? 2 : 1);
    }

    private IEnumerable<string> Stages(Phase phase, string gate)
    {
        var held = $"steps: 4, checkpoint_every: 2, hold_until: \"{gate}\", {(phase is Phase.Checkpointing ? "hold_checkpoints: true" : "hold_at: 3")}";
        if (phase == Phase.Stopping) held = $"steps: 4, hold_at: 3, hold_until: \"{gate}\", hold_checkpoints: true";
        if (phase == Phase.AwaitingApproval) held = "steps: 4";
        yield return RunBench.Stage("a", held, more: phase == Phase.AwaitingApproval ? ["approval: { message: May it begin? }"] : []);
        if (phase == Phase.Queued) yield return RunBench.Stage("b", "steps: 4");
    }

    private PipelineProcess Start(RunBench bench, Phase phase)
    {
        List<string> set = [$"defaults.executor={executor}"];
        if (phase == Phase.Queued)
        {
            // Both take all that there is: whichever comes second waits.
            var all = executor == "slurm" ? Cpus : Environment.ProcessorCount;
            set.AddRange(from stage in (string[])["a", "b"] select $"stages.{stage}.resources.cpus={all}");
            if (executor == "slurm") set.Add("defaults.slurm.partition=spare"); // of one node
            set.Add($"stages.b.with.hold_at=3");
            set.Add($"stages.b.with.hold_until={bench.Gate}");
        }
        return bench.Start("run", phase == Phase.Starting ? "submit-after" : null, [.. set.SelectMany(place => (string[])["--set", place])]);
    }

    private static void Reach(RunBench bench, PipelineProcess engine, Phase phase)
    {
        switch (phase)
        {
            case Phase.Starting:
                Assert.That(engine.WaitForExit(), Is.EqualTo(PipelineProcess.Killed), engine.Output);
                break;
            case Phase.Queued:
                Deadline.Await(() => bench.IsHeld("a") || bench.IsHeld("b"), () => $"the first stage to have the processors\n{engine.Output}");
                var second = bench.IsHeld("a") ? "b" : "a";
                Deadline.Await(() => bench.WasSubmitted(second), () => $"{second} to be submitted\n{engine.Output}");
                break;
            case Phase.Checkpointing:
                Deadline.Await(() => bench.IsHeldInCheckpoint("a"), () => $"the checkpoint\n{engine.Output}");
                break;
            case Phase.Stopping:
                Deadline.Await(() => bench.IsHeld("a"), () => $"the stage to work\n{engine.Output}");
                var cancel = bench.Start("cancel");
                Deadline.Await(() => bench.IsHeldInCheckpoint("a"), () => $"the last checkpoint\n{engine.Output}");
                cancel.Kill(); // it would take the engine's place
                break;
            case Phase.AwaitingApproval:
                Deadline.Await(() => engine.Output.Contains("waits for approval"), () => $"the question\n{engine.Output}");
                break;
            default:
                Deadline.Await(() => bench.IsHeld("a"), () => $"the stage to work\n{engine.Output}");
                break;
        }
    }

    private static void Meanwhile(RunBench bench, Phase phase)
    {
        if (phase == Phase.FinishesMeanwhile)
        {
            bench.Release();
            Deadline.Await(() => bench.HasEnded("a"), () => "the job to end by itself");
        }
        if (phase == Phase.AwaitingApproval)
        {
            Assert.That(bench.Ledger.Alive, Is.Empty, "it may not begin yet");
            Assert.That(bench.Do("approve", "latest", "a"), Is.Zero);
        }
        if (phase == Phase.DiesMeanwhile)
        {
            var stage = bench.Ledger.Alive.Single();
            foreach (var pid in new[] { stage.Parent, stage.Pid }) Process.GetProcessById(pid).Kill(); // the shim, or the job's script
            Deadline.Await(() => bench.Ledger.Alive.Count == 0, () => "it to die");
            bench.Release();
        }
    }

    private static void AssertDone(RunBench bench, RunState ended, int attempts)
    {
        Assert.That(ended.Phase, Is.EqualTo(RunPhase.Succeeded));
        Assert.That(bench.Ledger.StartedTwice, Is.Empty);
        foreach (var stage in ended.Stages)
        {
            Assert.That(stage.Attempts, Has.Count.EqualTo(attempts), stage.Instance);
            Assert.That(bench.OutputOf(ended.Run, stage.Instance), Is.EqualTo(Unbroken.Value[stage.Instance]), stage.Instance);
        }
    }

    /// <summary>What the stages make if nobody disturbs them; it depends on their names and steps alone.</summary>
    private static readonly Lazy<Dictionary<string, string>> Unbroken = new(() =>
    {
        using var bench = new RunBench(RunBench.Stage("a", "steps: 4"), RunBench.Stage("b", "steps: 4"));
        Assert.That(bench.Do("run"), Is.Zero);
        return new[] { "a", "b" }.ToDictionary(stage => stage, stage => bench.OutputOf(bench.LatestRun!, stage));
    });
}
