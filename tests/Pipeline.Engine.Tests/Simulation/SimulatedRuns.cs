using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Runs;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>
/// One story: a pipeline is run twice on a machine where everything goes wrong, while people cancel and resume, and
/// engines are killed, detached and started again.
/// </summary>
internal sealed class SimulatedRuns(int seed, StateFolder state)
{
    private const string Late = "late";

    private static readonly StageProgram Program = new(["/stage"], "build");

    private readonly VirtualWorld _world = new();
    private readonly Chaos _chaos = new(seed);
    private readonly MemoryRunStore _journal = new();
    private readonly List<string> _runs = [];
    private SimulatedMachine _machine = null!;
    private Scenario _scenario = null!;
    private RunClient _client = null!;
    private bool _over;

    public int EnginesKilled { get; private set; }

    /// <summary>Runs that the scenario promised to succeed, and those that did.</summary>
    public int Promised { get; private set; }

    /// <summary>Runs that succeeded.</summary>
    public int Succeeded { get; private set; }

    public int LateReports { get; private set; }

    /// <summary>Lives the story and asserts that nothing was lost or doubled; returns the journals as text.</summary>
    public string Run()
    {
        _scenario = new Scenario(_chaos.Random);
        _machine = new SimulatedMachine(_world, _scenario, _chaos) { Metrics = new() { [Scenario.Metric] = Scenario.Score } };
        _client = new RunClient(_journal, _world, _chaos.Random);
        _world.Run(async () =>
        {
            var (engines, people) = (Engines(), People());
            await await Task.WhenAny(engines, people); // an engine that fails ends the story
            _over = true;
            await engines;
        });
        return Journals;
    }

    /// <summary>The journals as text.</summary>
    public string Journals => string.Join('\n', _runs.SelectMany(run => _journal.Read(run).Result).Select(JournalJson.Write));

    private async Task People()
    {
        Calm();
        for (var i = 0; i < 2; i++)
        {
            var run = await _client.Submit(_scenario.Pipeline, Program);
            _runs.Add(run);
            var mayBeCancelled = _chaos.Random.NextDouble() < 0.3;
            if (mayBeCancelled) await CancelAndResume(run);
            else await UntilOver(run);
            await Verify(run, isSecond: i == 1);
        }
    }

    private async Task CancelAndResume(string run)
    {
        await Task.Delay(_chaos.Seconds(0, 60), _world);
        try
        {
            await _client.Cancel(run, "a person");
        }
        catch (EngineException) { return; } // it was over already
        finally { await UntilOver(run); }
        if ((await _client.State(run)).Phase == RunPhase.Succeeded) return; // the last job ended before it could be stopped
        await _client.Resume(run, new RunResumed());
        await UntilOver(run);
    }

    private async Task UntilOver(string run)
    {
        while (!(await _client.State(run)).Over)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), _world);
            if (_chaos.Hits(0.05)) await LateReport(run);
            Assert.That(_machine.Violation, Is.Null);
            Assert.That(_world.Age.TotalHours, Is.LessThan(6), "the run does not end");
        }
    }

    /// <summary>
    /// Somebody who was cut off for long says that an attempt succeeded: an attempt that has ended, by its own token, or
    /// one that is alive, by a token that is not its.
    /// </summary>
    private async Task LateReport(string run)
    {
        var state = await _client.State(run);
        AttemptState[] attempts = [.. state.Stages.SelectMany(stage => stage.Attempts)];
        if (attempts.Length == 0) return;
        var attempt = attempts[_chaos.Random.Next(attempts.Length)];
        var late = new AttemptSucceeded
        {
            Run = run,
            Sequence = state.Sequence + 1,
            Stage = attempt.Intent.Stage,
            Instance = attempt.Intent.Instance,
            Attempt = attempt.Number,
            Token = attempt.Alive ? "late" : attempt.Token,
            Fingerprint = attempt.Intent.Fingerprint,
            Outputs = new Dictionary<string, StageOutput>(),
            Warnings = [Late],
        };
        await _journal.Append(run, state.Sequence, [late]);
        LateReports++;
        var after = state.Apply(late);
        Assert.That(after.Stages.SelectMany(stage => stage.Attempts), Is.EqualTo(attempts), $"a late report changed {attempt.Intent.Job}");
        Assert.That(after.Stages.Select(stage => stage.Phase), Is.EqualTo(state.Stages.Select(stage => stage.Phase)));
    }

    private async void Calm()
    {
        SetClocks();
        await Task.Delay(TimeSpan.FromMinutes(10), _world);
        _chaos.Rages = false;
    }

    /// <summary>Now and then the clock jumps, either way, and with it the times of files and events.</summary>
    private async void SetClocks()
    {
        while (_chaos.Rages)
        {
            await Task.Delay(_chaos.Seconds(30, 300), _world);
            if (_chaos.Hits(0.5)) _world.SetClock(_chaos.Seconds(-1200, 1200));
        }
    }

    /// <summary>One engine after the other; each is killed, or detached, or lives until all is over.</summary>
    private async Task Engines()
    {
        while (!_over)
        {
            var process = new VirtualProcess(_world);
            using var detach = new CancellationTokenSource();
            Task? work = null;
            process.Post(_ => work = Engine(process).Run(detach.Token), null);
            var end = _world.Age + _chaos.Seconds(5, 120);
            while (!_over && !process.IsDead && (_world.Age < end || !_chaos.Rages)) await Task.Delay(TimeSpan.FromSeconds(1), _world);

            if (work is { IsFaulted: true }) await work;
            if (!process.IsDead && _chaos.Random.NextDouble() < 0.5)
            {
                process.Post(_ => detach.Cancel(), null);
                await Task.Delay(TimeSpan.FromSeconds(1), _world);
                if (!process.IsDead) Assert.That(work!.IsCompleted, "a detached engine ends at once");
            }
            if (work is not { IsCompleted: true }) EnginesKilled++;
            _ = process.Kill();
            _machine.EngineEnded();
            await Task.Delay(_chaos.Seconds(0, 20), _world);
        }
    }

    private RunEngine Engine(VirtualProcess process) => SimulatedEngine.Of(
        state, _world, _machine, process, _chaos, new SimulatedStore(_journal, process, _chaos));

    private async Task Verify(string run, bool isSecond)
    {
        var events = await _journal.Read(run);
        var ended = RunState.Fold(events);
        Assert.Multiple(() =>
        {
            foreach (var stage in ended.Stages)
            {
                var mustBeDone = _scenario.MustBeDone(stage.Instance);
                Assert.That(stage.Done, Is.EqualTo(mustBeDone), $"{stage.Instance} is {stage.Phase}");
                Assert.That(stage.Attempts.Count(attempt => attempt.Alive), Is.Zero, $"{stage.Instance} was left alive");
                if (mustBeDone && isSecond) Assert.That(stage.Phase, Is.EqualTo(StagePhase.Cached), stage.Instance);
                foreach (var output in stage.Outputs.Values)
                    Assert.That(_machine.Artifacts[output.Path], Is.EqualTo(output.Digest), $"{stage.Instance} names an output it did not make");
            }
            if (ended.Stages.All(stage => _scenario.MustBeDone(stage.Instance))) Promised++;
            if (ended.Phase == RunPhase.Succeeded) Succeeded++;
            Assert.That(ended.Phase, Is.EqualTo(ended.Stages.All(stage => stage.Done) ? RunPhase.Succeeded : RunPhase.Failed));
            Assert.That(_machine.Jobs.Where(job => job.IsAlive && job.File.Run == run), Is.Empty, "jobs outlive the run");
            VerifyEvents(run, events);
            VerifyCourse(events);
        });
    }

    /// <summary>What the jobs said is in the journal, each thing once.</summary>
    private void VerifyEvents(string run, IReadOnlyList<JournalEvent> events)
    {
        foreach (var job in _machine.Jobs.Where(job => job.File.Run == run))
        {
            var said = job.Folder.Events.Count(line => line.Kind != Protocol.Jobs.StageEventKind.Warning);
            var recorded = events.OfType<AttemptFact>()
                .Count(fact => fact is CheckpointRecorded or AlarmRaised && fact.Token == job.File.Token);
            Assert.That(recorded, Is.EqualTo(said), $"events of {job.Request.Handle.Name}");
        }
        var ends = events.OfType<AttemptFact>().Where(fact => fact is AttemptFailed or AttemptSucceeded { Warnings: not [Late] });
        Assert.That(ends.Select(fact => fact.Token), Is.Unique, "an attempt ended twice");
    }

    /// <summary>Event by event: numbers without a gap, ends that stay, retries that are counted within their limit.</summary>
    private static void VerifyCourse(IReadOnlyList<JournalEvent> events)
    {
        Assert.That(events.Select(fact => fact.Sequence), Is.EqualTo(Enumerable.Range(1, events.Count)));
        var before = RunState.Fold(events.Take(1));
        foreach (var fact in events.Skip(1))
        {
            var after = before.Apply(fact);
            if (before.Over && !after.Over) Assert.That(fact, Is.TypeOf<RunResumed>(), "a run that is over goes on");
            foreach (var (was, now) in before.Stages.Zip(after.Stages))
            {
                var stopped = fact is GateEvaluated { Passed: false } gate && gate.Instance == was.Instance;
                if (was.Done && !stopped) Assert.That(now.Phase, Is.EqualTo(was.Phase), $"{was.Instance} was done at event {fact.Sequence}");
                foreach (var (old, same) in was.Attempts.Zip(now.Attempts))
                    if (!old.Alive) Assert.That(same, Is.SameAs(old), $"{old.Intent.Job} had ended at event {fact.Sequence}");
                Assert.That(now.CountedRetries, Is.LessThanOrEqualTo(now.Stage.Retry.Limit), now.Instance);
                var free = now.AttemptsSinceResume.Count(attempt => attempt.Failure is { Retry: true, Counted: false });
                Assert.That(now.AttemptsSinceResume.Count(), Is.LessThanOrEqualTo(1 + now.CountedRetries + free), $"{now.Instance} was tried without a reason");
            }
            foreach (var group in after.Stages.Where(stage => stage.Stage.Matrix?.MaxParallel is not null).GroupBy(stage => stage.Stage.Id))
                Assert.That(group.Count(stage => stage.Phase == StagePhase.Active), Is.LessThanOrEqualTo(group.First().Stage.Matrix!.MaxParallel!.Value), $"{group.Key} at event {fact.Sequence}");
            before = after;
        }
    }
}
