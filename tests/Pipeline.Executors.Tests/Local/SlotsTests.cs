using System.Text.Json.Nodes;
using Pipeline.Engine.Ports;
using Pipeline.Executors.Local;

namespace Pipeline.Executors.Tests.Local;

public sealed class SlotsTests
{
    [Test]
    public void Jobs_OfTwoEnginesThatComeAndGo_NeverTakeMoreThanThereIs()
    {
        using var bench = new Bench(cpus: 2);
        var jobs = Enumerable.Range(0, 8).Select(number => bench.Job($"s{number}", new JsonObject { ["steps"] = 3, ["step_ms"] = 20 })).ToArray();
        var random = new Random(1);
        var engines = new[] { bench.NewExecutor(), bench.NewExecutor() };
        Bench.WaitUntil(() =>
        {
            engines[random.Next(2)] = bench.NewExecutor(); // one of them dies with its queue and comes back
            foreach (var job in jobs) engines[random.Next(2)].Submit(job, default).Wait();
            return engines[0].Poll([.. jobs.Select(job => job.Handle)], default).Result.Values.All(status => status.Phase == JobPhase.Exited);
        }, () => "all to finish");

        // A stage writes "start" after it was given its slot and "end" before it gives it back.
        var running = 0;
        var most = File.ReadAllLines(bench.Ledger).Max(line => running += line.StartsWith("start ", StringComparison.Ordinal) ? 1 : -1);
        Assert.That(most, Is.InRange(1, 2));
        Assert.That((bench.LedgerLines("start").Length, bench.LedgerLines("end").Length), Is.EqualTo((8, 8)));
    }

    [Test]
    public void Slot_OfAStageWhoseShimWasKilled_StaysTaken()
    {
        using var bench = new Bench(cpus: 1);
        var orphan = bench.Job("a", new JsonObject { ["hang_at"] = 1 });
        bench.Submit(orphan);
        bench.WaitForStep(orphan, 0);
        Bench.Kill(Bench.ShimOf(orphan).Shim);

        var slots = new Slots(Path.Combine(bench.State, "slots"), bench.Machine);
        Assert.That(slots.Free().Cpus, Is.Zero, "the stage has inherited the lock");
        Bench.Kill(Bench.ShimOf(orphan).Stage!);
        Bench.WaitUntil(() => slots.Free().Cpus == 1, () => "the slot to be free");
    }

    [Test]
    public void TwoWhoTakeAtOnce_GetAllOrNothing()
    {
        using var bench = new Bench(cpus: 3, gpus: ["7", "9"]);
        var slots = new Slots(Path.Combine(bench.State, "slots"), bench.Machine);
        using var first = slots.TryTake(cpus: 2, gpus: 1);
        Assert.That(first!.Gpus, Is.EqualTo(new[] { "7" }));
        Assert.That(slots.TryTake(cpus: 2, gpus: 0), Is.Null, "one CPU is left");
        Assert.That(slots.Free(), Is.EqualTo((1, 1)), "the failed attempt gave back what it held");
        using var second = slots.TryTake(cpus: 1, gpus: 1);
        Assert.That(second!.Gpus, Is.EqualTo(new[] { "9" }));
    }

    [Test]
    public async Task Engine_StoppedAnywhere_IsInNobodysWay()
    {
        // Asking what is free is all that an engine does with slots; a lock that it held meanwhile would stay held while it is stopped.
        using var bench = new Bench(cpus: 2);
        var slots = new Slots(Path.Combine(bench.State, "slots"), bench.Machine);
        using var end = new CancellationTokenSource();
        var asking = Task.Run(() => { while (!end.IsCancellationRequested) slots.Free(); });
        for (var i = 0; i < 2_000; i++)
        {
            using var taken = slots.TryTake(cpus: 2, gpus: 0);
            Assert.That(taken, Is.Not.Null, "it was free");
        }
        await end.CancelAsync();
        await asking;
    }

    [Test]
    public void Stage_SeesTheGpusOfItsSlotsAndNoOthers()
    {
        using var bench = new Bench(cpus: 2, gpus: ["GPU-a", "GPU-b"]);
        var job = bench.Job("a", [], gpus: 2, program: Print("$CUDA_VISIBLE_DEVICES"));
        var none = bench.Job("b", [], program: Print("[$CUDA_VISIBLE_DEVICES]"));
        bench.Submit(job, none);
        bench.WaitForExit(job);
        bench.WaitForExit(none);
        Assert.That(File.ReadAllText(job.Handle.Folder.StandardOutput), Is.EqualTo("GPU-a,GPU-b\n"));
        Assert.That(File.ReadAllText(none.Handle.Folder.StandardOutput), Is.EqualTo("[]\n"));
    }

    [Test]
    public void Stage_StartsInTheFolderItWasGiven()
    {
        using var bench = new Bench();
        var job = bench.Job("a", [], program: ["/bin/pwd"]) with { WorkingFolder = "/usr" };
        bench.Submit(job);
        bench.WaitForExit(job);
        Assert.That(File.ReadAllText(job.Handle.Folder.StandardOutput), Is.EqualTo("/usr\n"));
    }

    [Test]
    public void Waiting_JobOfHigherPriority_StartsBeforeEarlierOnes()
    {
        using var bench = new Bench(cpus: 1);
        var gate = Path.Combine(bench.State, "go");
        var first = bench.Job("first", new JsonObject { ["steps"] = 2, ["hold_at"] = 1, ["hold_until"] = gate });
        var (plain, urgent) = (bench.Job("plain", []), bench.Job("urgent", []) with { Priority = 1 });
        bench.Submit(first, plain, urgent);
        bench.WaitForStep(first, 0);
        File.WriteAllText(gate, "");
        bench.WaitForExit(plain);
        bench.WaitForExit(urgent);
        Assert.That(bench.LedgerLines("start").Select(line => line.Split(' ')[2]), Is.EqualTo(new[] { "first", "urgent", "plain" }));
    }

    [Test]
    public void Engines_OfTwoStateFolders_ShareTheMachine()
    {
        Assert.That(LocalMachine.SlotFolder("/state/a"), Is.EqualTo("/state/a/slots"), "in tests, by PIPELINE_SLOTS");
        using var bench = new Bench(gpus: "0");
        var other = new Slots(Path.Combine(bench.State, "slots"), bench.Machine);
        using var taken = other.TryTake(cpus: 0, gpus: 1);
        var job = bench.Job("a", [], gpus: 1);
        bench.Submit(job);
        Assert.That(bench.Poll(job).Phase, Is.EqualTo(JobPhase.Queued), "another engine's job has the GPU");
        taken!.Dispose();
        Assert.That(bench.WaitForExit(job).Code, Is.Zero);
    }

    private static string[] Print(string text) => ["/bin/sh", "-c", $"echo {text}"];
}
