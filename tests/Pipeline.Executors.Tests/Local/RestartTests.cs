using System.Text.Json.Nodes;
using Pipeline.Engine.Ports;
using Pipeline.Executors.Local;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Tests.Local;

/// <summary>What becomes of jobs when engine, shim or machine go away.</summary>
public sealed class RestartTests
{
    [Test]
    public void Engine_ThatComesBack_FindsItsJobRunningAndThenDone()
    {
        using var bench = new Bench();
        var job = Held(bench, "a");
        bench.Restart();
        Assert.That(bench.Poll(job).Phase, Is.EqualTo(JobPhase.Running));
        Release(bench);
        Assert.That(bench.WaitForExit(job).Code, Is.Zero);
    }

    [Test]
    public void Engine_ThatDiesWithAQueue_MaySubmitItAgain()
    {
        using var bench = new Bench(cpus: 1);
        var holder = Held(bench, "a");
        var waiter = bench.Job("b", []);
        bench.Submit(waiter);
        bench.Restart();
        Assert.That(bench.Poll(waiter).Phase, Is.EqualTo(JobPhase.Absent));
        bench.Submit(waiter);
        Assert.That(bench.Poll(waiter).Phase, Is.EqualTo(JobPhase.Queued));
        Release(bench);
        Assert.That((bench.WaitForExit(holder).Code, bench.WaitForExit(waiter).Code), Is.EqualTo(((int?)0, (int?)0)));
    }

    [Test]
    public void Shim_Killed_TheStageLivesOnUnderAnotherShimAndIsDone()
    {
        using var bench = new Bench();
        var job = Held(bench, "a");
        var first = Bench.ShimOf(job).Shim;
        Bench.Kill(first);
        Assert.That(bench.Poll(job).Phase, Is.EqualTo(JobPhase.Running));
        Bench.WaitUntil(() => Bench.ShimOf(job).Shim is { IsAlive: true } second && second != first, () => "a second shim");
        Release(bench);
        Assert.That(bench.WaitForExit(job).Code, Is.Zero, "it left its result");
        Assert.That(bench.LedgerLines("start"), Has.Length.EqualTo(1));
    }

    [Test]
    public void Shim_KilledAndTheStageAfterIt_NobodyKnowsHowItEnded()
    {
        using var bench = new Bench();
        var job = Held(bench, "a");
        Bench.Kill(Bench.ShimOf(job).Shim);
        Bench.WaitUntil(() => bench.Poll(job).Phase == JobPhase.Running && Bench.ShimOf(job).Shim.IsAlive, () => "a second shim");
        Bench.Kill(Bench.ShimOf(job).Stage!);
        var exit = bench.WaitForExit(job);
        Assert.That((exit.Code, exit.Signal), Is.EqualTo(((int?)null, (int?)null)));
    }

    [Test]
    public void Stop_AfterTheShimWasKilled_ReachesTheStageThroughTheNextShim()
    {
        using var bench = new Bench();
        var job = Held(bench, "a");
        Bench.Kill(Bench.ShimOf(job).Shim);
        bench.Stop(job);
        Assert.That(bench.WaitForExit(job).AskedBy, Is.EqualTo(ExitAsked.Cancel));
        Assert.That(Directory.Exists(Path.Combine(job.Handle.Folder.Checkpoints, "step-000001")), "asked before killed");
    }

    [Test]
    public void ShimAndStage_BothKilled_TheJobIsGoneAndItsSlotFree()
    {
        using var bench = new Bench(cpus: 1);
        var job = Held(bench, "a");
        var record = Bench.ShimOf(job);
        Bench.Kill(record.Shim);
        Bench.Kill(record.Stage!);
        Assert.That(bench.Poll(job).Phase, Is.EqualTo(JobPhase.Gone));
        bench.Submit(job);
        Assert.That(bench.Poll(job).Phase, Is.EqualTo(JobPhase.Gone), "a name is used once");

        var next = bench.Job("a", [], attempt: 2);
        bench.Submit(next);
        Assert.That(bench.WaitForExit(next).Code, Is.Zero);
    }

    [Test]
    public void ShimOfAnotherBoot_IsUnknownUntilItsLeaseRunsOut()
    {
        using var bench = new Bench();
        var job = bench.Job("a", []);
        ShimFolder.Write(new ShimFolder(job.Handle.Folder).Shim, new ShimRecord(new ProcessIdentity(1, 1, "another boot")));
        File.WriteAllText(job.Handle.Folder.Lease, "");
        Assert.That(bench.Poll(job).Phase, Is.EqualTo(JobPhase.Unknown), "the state folder may be shared by network");

        File.SetLastWriteTimeUtc(job.Handle.Folder.Lease, DateTime.UtcNow.AddMinutes(-1)); // the limit is 30 s
        Assert.That(bench.Poll(job).Phase, Is.EqualTo(JobPhase.Gone));
    }

    [Test]
    public void NumberOfAProcess_UsedAgain_IsNotTheSameProcess()
    {
        var self = ProcessIdentity.Self;
        Assert.That(self.IsAlive);
        Assert.That((self with { Start = self.Start - 1 }).IsAlive, Is.False);
    }

    /// <summary>A running job that waits before its second step.</summary>
    private static JobRequest Held(Bench bench, string instance)
    {
        var job = bench.Job(instance, new JsonObject { ["steps"] = 3, ["hold_at"] = 2, ["hold_until"] = Path.Combine(bench.State, "go") });
        bench.Submit(job);
        bench.WaitForStep(job, 1);
        return job;
    }

    private static void Release(Bench bench) => File.WriteAllText(Path.Combine(bench.State, "go"), "");
}
