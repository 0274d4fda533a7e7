using System.Diagnostics;
using Pipeline.Engine;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Engine.Scheduling;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using Serilog.Core;
using static Pipeline.Store.Tests.Journals;

namespace Pipeline.Store.Tests;

/// <summary>The budgets of the control plane, measured on the real journal, scheduler and disk; only jobs take no time.</summary>
[Explicit("Measures this machine; run it by name.")]
public class NumbersTests
{
    private string _folder = "";
    private StateFolder _state = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("pipeline-numbers-").FullName;
        _state = StateFolder.Open(_folder);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Append_TakesLessThanAMillisecond()
    {
        using var store = SqliteRunStore.Open(_state.Journal);
        await store.Submit("a");
        var times = new List<double>();
        for (var i = 0; i < 1000; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            await store.AppendAfter("a", 1 + i, new AttemptStarted { Stage = "s", Instance = "s", Attempt = 1, Token = "t" });
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
        Assert.That(Median("append", times), Is.LessThan(1));
    }

    [Test]
    public async Task Transition_FromAJobsEndToTheNextJobsStart_TakesLessThan50Milliseconds()
    {
        const int stages = 50;
        using var store = SqliteRunStore.Open(_state.Journal);
        var machine = new InstantMachine();
        await Work(store, machine, async client =>
        {
            var run = await client.Submit(Chain(stages), new StageProgram(["/stage"], "build"));
            await foreach (var _ in client.Follow(run)) { }
            Assert.That((await client.State(run)).Phase, Is.EqualTo(RunPhase.Succeeded));
        });
        // A job ends in the moment it is submitted, so the time between two submissions is one transition.
        var times = machine.Submissions.Zip(machine.Submissions.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b).TotalMilliseconds);
        Assert.That(Median("transition", [.. times]), Is.LessThan(50));
    }

    [Test]
    public async Task Start_With10000OldRuns_TakesLessThanASecond()
    {
        using (var store = SqliteRunStore.Open(_state.Journal))
        {
            for (var i = 0; i < 10_000; i++)
                await store.Append($"{i:D5}", 0, [.. new JournalEvent[]
                {
                    Submitted($"{i:D5}", i), Intended(fingerprint: $"f{i}"), Succeeded(fingerprint: $"f{i}"), new RunSucceeded(),
                }.Select((fact, n) => fact with { Run = $"{i:D5}", Sequence = n + 1, Time = Noon.AddMinutes(i) })]);
        }
        var begin = Stopwatch.GetTimestamp();
        using var opened = SqliteRunStore.Open(_state.Journal);
        var machine = new InstantMachine();
        await Work(opened, machine, async client =>
        {
            var run = await client.Submit(Chain(1), new StageProgram(["/stage"], "build"));
            await foreach (var _ in client.Follow(run)) { }
        });
        var started = Stopwatch.GetElapsedTime(begin, machine.Submissions[0]).TotalMilliseconds;
        TestContext.Out.WriteLine($"opened, submitted and launched after {started:0} ms");
        Assert.That(started, Is.LessThan(1000));
    }

    private async Task Work(SqliteRunStore store, InstantMachine machine, Func<RunClient, Task> story)
    {
        using var detach = new CancellationTokenSource();
        using var engine = new RunEngine(
            new EngineSettings { State = _state }, store, machine, new QuartzAttemptScheduler(TimeProvider.System),
            new DiskRunFiles(), TimeProvider.System, Logger.None);
        var work = engine.Run(detach.Token);
        await story(new RunClient(store, TimeProvider.System, Random.Shared));
        await detach.CancelAsync();
        await work;
    }

    private static ResolvedPipeline Chain(int stages) => new()
    {
        Name = "chain",
        File = "/chain.yaml",
        Stages = [.. Enumerable.Range(0, stages).Select(i => new ResolvedStage
        {
            Id = $"s{i}",
            Instance = $"s{i}",
            Uses = "sft",
            Seed = i,
            Needs = i == 0 ? [] : [$"s{i - 1}"],
            Inputs = i == 0 ? new Dictionary<string, StageInput>() : new Dictionary<string, StageInput> { ["model"] = new(ArtifactKind.Model, $"s{i - 1}", "model") },
            Outputs = new Dictionary<string, string> { ["model"] = ArtifactKind.Model },
        })],
    };

    private static double Median(string what, List<double> milliseconds)
    {
        milliseconds.Sort();
        var (p50, p99) = (milliseconds[milliseconds.Count / 2], milliseconds[milliseconds.Count * 99 / 100]);
        TestContext.Out.WriteLine($"{what}: p50 {p50:0.00} ms, p99 {p99:0.00} ms, n {milliseconds.Count}");
        return p50;
    }

    /// <summary>Every job is done, with a small output on the disk, when <see cref="Submit"/> returns.</summary>
    private sealed class InstantMachine : IExecutor
    {
        public List<long> Submissions { get; } = [];

        public Task Submit(JobRequest job, CancellationToken cancellation)
        {
            Submissions.Add(Stopwatch.GetTimestamp());
            var file = System.Text.Json.JsonSerializer.Deserialize<JobFile>(File.ReadAllText(job.Handle.Folder.Job), ProtocolJson.Line)!;
            Directory.CreateDirectory(job.Handle.Folder.Outputs);
            File.WriteAllText(file.Outputs["model"], file.Token);
            var digest = ArtifactDigest.Of(file.Outputs["model"]);
            WholeFile.WriteJson(job.Handle.Folder.Result, new ResultFile
            {
                Token = file.Token,
                Outputs = new Dictionary<string, ResultOutput> { ["model"] = new("model", digest) },
            });
            return Task.CompletedTask;
        }

        public Task<IReadOnlyDictionary<string, JobStatus>> Poll(IReadOnlyCollection<JobHandle> jobs, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyDictionary<string, JobStatus>>(jobs.ToDictionary(job => job.Name, job => new JobStatus(
                JobPhase.Exited, new ExitRecord(0, null, ExitAsked.Nobody, 0, 0, DateTimeOffset.UtcNow))));

        public Task Stop(JobHandle job, ExitAsked askedBy, CancellationToken cancellation) => Task.CompletedTask;
    }
}
