using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using Pipeline.Store;

namespace Pipeline.Benchmarks.Durability;

/// <summary>The budgets of the control plane, on the real journal, scheduler, shims and disk.</summary>
internal static class Budgets
{
    private static readonly StageProgram Program = new([], "");

    /// <summary>Measures all, prints a table in Markdown; false if a budget was missed.</summary>
    public static async Task<bool> Measure()
    {
        Console.WriteLine(Head);
        return await OnSqlite() & await SubmitToStart() & await ReAttach(jobs: 100) & await DeadJob() & await Start(oldRuns: 10_000);
    }

    /// <summary>The same of a journal in PostgreSQL, as far as it differs.</summary>
    /// <param name="address">An empty database; it is claimed by a state folder that is gone afterwards.</param>
    public static async Task<bool> MeasureOn(PostgresAddress address)
    {
        using var folder = new MeasuredFolder();
        using var store = PostgresRunStore.Open(address, folder.State.Path);
        Console.WriteLine(Head);
        return await Append(store) & await Transition(folder, store, budgetMs: 60);
    }

    private const string Head = "| what | n | p50 ms | p99 ms | max ms | budget ms | |\n|---|---|---|---|---|---|---|";

    private static async Task<bool> OnSqlite()
    {
        using var folder = new MeasuredFolder();
        using var store = SqliteRunStore.Open(folder.State.Journal);
        return await Append(store) & await Transition(folder, store, budgetMs: 20);
    }

    private static async Task<bool> Append(IRunStore store)
    {
        const string run = "a";
        await store.Append(run, 0, [Submitted(run, 0, Chain(1))]);
        var times = new Latencies("journal append", budgetMs: 1);
        for (var i = 0; i < 1000; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            await store.Append(run, 1 + i, [new AttemptStarted { Run = run, Sequence = 2 + i, Stage = "s", Instance = "s", Attempt = 1, Token = "t" }]);
            times.AddSince(begin);
        }
        await store.Append(run, 1001, [new RunSucceeded { Run = run, Sequence = 1002 }]); // nothing for the engine of the next measurement
        return times.Print();
    }

    private static async Task<bool> Transition(MeasuredFolder folder, IRunStore store, double budgetMs)
    {
        var machine = new InstantMachine();
        await using (var engine = new WorkingEngine(folder.State, store, machine))
            await engine.Complete(await engine.Client.Submit(Chain(200), Program));
        // A job ends in the moment it is submitted, so the time between two submissions is one transition.
        var times = new Latencies("stage transition", budgetMs);
        foreach (var (one, next) in machine.Submissions.Zip(machine.Submissions.Skip(1))) times.Add(Stopwatch.GetElapsedTime(one, next).TotalMilliseconds);
        return times.Print();
    }

    private static async Task<bool> SubmitToStart()
    {
        using var folder = new MeasuredFolder();
        var executor = folder.Executor(cpus: 1);
        var times = new Latencies("submit to process start", budgetMs: 400);
        for (var i = 0; i < 30; i++)
        {
            var job = new AttemptKey("run", "s", i + 1);
            var attempt = folder.State.Attempt(job);
            new DiskRunFiles().Prepare(attempt, new JobFile { Run = "run", Stage = "s", Instance = "s", Attempt = i + 1, Token = "t", Kind = "command" });
            var begin = DateTime.UtcNow;
            // The first thing the program does is to tell the time, in nanoseconds since 1970.
            await executor.Submit(new JobRequest(new JobHandle(job.Job, attempt), ["/bin/date", "+%s%N"], new Dictionary<string, string>(),
                new StageResources(Cpus: 1), new JobLimits()), CancellationToken.None);
            while ((await executor.Poll([new(job.Job, attempt)], CancellationToken.None))[job.Job].Phase != JobPhase.Exited) await Task.Delay(5);
            var started = DateTime.UnixEpoch.AddTicks(long.Parse(File.ReadAllText(attempt.StandardOutput), CultureInfo.InvariantCulture) / 100);
            times.Add((started - begin).TotalMilliseconds);
        }
        return times.Print();
    }

    private static async Task<bool> ReAttach(int jobs)
    {
        using var folder = new MeasuredFolder();
        using var store = SqliteRunStore.Open(folder.State.Journal);
        string run;
        await using (var first = new WorkingEngine(folder.State, store, folder.Executor(cpus: jobs)))
        {
            run = await first.Client.Submit(Sleepers(jobs), Program);
            await first.Until(run, state => state.Stages.All(stage => stage.Last is { Phase: AttemptPhase.Running }));
        }
        var times = new Latencies($"{jobs} running jobs re-attached, the last of them", budgetMs: 5000);
        for (var i = 0; i < 5; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            await using var next = new WorkingEngine(folder.State, store, folder.Executor(cpus: jobs));
            while ((await store.Read(run)).OfType<AttemptAttached>().Count() < jobs * (i + 1)) await Task.Delay(10);
            times.AddSince(begin);
        }
        await using (var last = new WorkingEngine(folder.State, store, folder.Executor(cpus: jobs)))
        {
            await last.Client.Cancel(run, "the benchmark");
            await last.Complete(run);
        }
        return times.Print();
    }

    private static async Task<bool> DeadJob()
    {
        using var folder = new MeasuredFolder();
        using var store = SqliteRunStore.Open(folder.State.Journal);
        const int jobs = 10;
        await using var engine = new WorkingEngine(folder.State, store, folder.Executor(cpus: jobs));
        var run = await engine.Client.Submit(Sleepers(jobs), Program);
        var state = await engine.Until(run, now => now.Stages.All(stage => stage.Last is { Phase: AttemptPhase.Running }));
        var times = new Latencies("dead job noticed", budgetMs: 30_000);
        foreach (var stage in state.Stages)
        {
            var processes = MeasuredFolder.ProcessesOf(folder.State.Attempt(new(run, stage.Instance, 1)));
            var begin = Stopwatch.GetTimestamp();
            foreach (var process in processes) process.Kill();
            while (!(await store.Read(run, state.Sequence)).OfType<AttemptFailed>().Any(fact => fact.Instance == stage.Instance)) await Task.Delay(5);
            times.AddSince(begin);
        }
        await engine.Client.Cancel(run, "the benchmark");
        await engine.Complete(run);
        return times.Print();
    }

    private static async Task<bool> Start(int oldRuns)
    {
        using var folder = new MeasuredFolder();
        using (var store = SqliteRunStore.Open(folder.State.Journal))
        {
            for (var i = 0; i < oldRuns; i++)
            {
                var run = $"{i:D5}";
                JournalEvent[] journal = [Submitted(run, i, Chain(1)), Intended($"f{i}"), Succeeded($"f{i}"), new RunSucceeded()];
                await store.Append(run, 0, [.. journal.Select((fact, n) => fact with { Run = run, Sequence = n + 1, Time = Noon.AddMinutes(i) })]);
            }
        }
        var times = new Latencies($"start with {oldRuns:N0} old runs, to the first launch", budgetMs: 1000);
        for (var i = 0; i < 5; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            using var store = SqliteRunStore.Open(folder.State.Journal);
            var machine = new InstantMachine();
            await using var engine = new WorkingEngine(folder.State, store, machine);
            await engine.Complete(await engine.Client.Submit(Chain(1, seed: i), Program));
            times.Add(Stopwatch.GetElapsedTime(begin, machine.Submissions[0]).TotalMilliseconds);
        }
        return times.Print();
    }

    private static readonly DateTimeOffset Noon = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static RunSubmitted Submitted(string run, int minute, ResolvedPipeline pipeline) =>
        new() { Run = run, Sequence = 1, Time = Noon.AddMinutes(minute), Pipeline = pipeline, Program = Program };

    private static AttemptIntended Intended(string fingerprint) => new()
    {
        Stage = "s0", Instance = "s0", Attempt = 1, Token = "t", Job = "j", Fingerprint = fingerprint, FingerprintParts = new JsonObject(),
    };

    private static AttemptSucceeded Succeeded(string fingerprint) => new()
    {
        Stage = "s0", Instance = "s0", Attempt = 1, Token = "t", Fingerprint = fingerprint,
        Outputs = new Dictionary<string, StageOutput> { ["model"] = new("/m", "model", "sha256:0") },
    };

    /// <summary>Stages one after the other, each of which reads what the one before made.</summary>
    private static ResolvedPipeline Chain(int stages, int seed = 0) => new()
    {
        Name = "chain", File = "/chain.yaml",
        Stages = [.. Enumerable.Range(0, stages).Select(i => new ResolvedStage
        {
            Id = $"s{i}", Instance = $"s{i}", Uses = "sft", Seed = seed * 1000 + i,
            Needs = i == 0 ? [] : [$"s{i - 1}"],
            Inputs = i == 0 ? new Dictionary<string, StageInput>() : new Dictionary<string, StageInput> { ["model"] = new(ArtifactKind.Model, $"s{i - 1}", "model") },
            Outputs = new Dictionary<string, string> { ["model"] = ArtifactKind.Model },
        })],
    };

    /// <summary>Stages that do nothing for long, all at once.</summary>
    private static ResolvedPipeline Sleepers(int stages) => new()
    {
        Name = "sleepers", File = "/tmp/sleepers.yaml",
        Stages = [.. Enumerable.Range(0, stages).Select(i => new ResolvedStage
        {
            Id = $"s{i}", Instance = $"s{i}", Uses = "command", Seed = i, Command = ["/bin/sleep", "3600"], Resources = new StageResources(Cpus: 1),
        })],
    };
}
