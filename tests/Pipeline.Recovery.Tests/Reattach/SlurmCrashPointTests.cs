using Pipeline.Engine.Runs;
using Pipeline.Executors.Slurm;
using Pipeline.Tests;

namespace Pipeline.Recovery.Tests.Reattach;

/// <summary>The engine is killed at each place between the wish for a Slurm job and its release; the job is run once all the same.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class SlurmCrashPointTests
{
    private SlurmCluster? _cluster;

    [OneTimeSetUp]
    public void StartCluster() => _cluster = SlurmCluster.Start();

    [OneTimeTearDown]
    public void EndCluster() => _cluster?.Dispose();

    [TestCaseSource(typeof(SlurmCrashPoints), nameof(SlurmCrashPoints.All))]
    public void Engine_KilledWhileItSubmits_RunsTheJobOnce(string point)
    {
        using var bench = new RunBench(RunBench.Stage("a", "steps: 4"));
        var engine = bench.Start("run", point, "--set", "defaults.executor=slurm");
        Assert.That(engine.WaitForExit(), Is.EqualTo(PipelineProcess.Killed), $"the place was not reached\n{engine.Output}");

        var ended = bench.Finish();
        Assert.That(ended.Phase, Is.EqualTo(RunPhase.Succeeded));
        Assert.That(bench.Ledger.Starts.Count(), Is.EqualTo(1));
        Assert.That(ended.Stages.Single().Attempts, Has.Count.EqualTo(1));
    }
}
