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

    /// <summary>Lives the story and asserts that nothing was lost or doubled; returns the journals as text.</summary>
    public string Run()
    {
        _scenario = new Scenario(_chaos.Random);
        _machine = new SimulatedMachine(_world, _scenario, _chaos);
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
        await _client.Resume(run);
        await UntilOver(run);
    }

    private async Task UntilOver(string run)
    {
        while (!(await _client.State(run)).Over)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), _world);
            if (_chaos.Hits(0.05)) await LateReport(run);
            Assert.That(_machine.Violation, Is.Null);
            Assert.That(_world.GetUtcNow().Hour, Is.LessThan(6), "the run does not end");
        }
    }

    /// <summary>Somebody who was cut off for long says that an attempt succeeded; its token is not the attempt's.</summary>
    private async Task LateReport(string run)
    {
        var state = await _client.State(run);
        if (state.Stages.FirstOrDefault(stage => stage.Last is not null) is not { Last: { } attempt } stage) return;
        await _journal.Append(run, state.Sequence, [new AttemptSucceeded
        {
            Run = run,
            Sequence = state.Sequence + 1,
            Stage = stage.Stage.Id,
            Instance = stage.Instance,
            Attempt = attempt.Number,
            Token = "late",
            Fingerprint = attempt.Intent.Fingerprint,
            Outputs = new Dictionary<string, StageOutput>(),
        }]);
    }

    private async void Calm()
    {
        await Task.Delay(TimeSpan.FromMinutes(10), _world);
        _chaos.Rages = false;
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
            var end = _world.GetUtcNow() + _chaos.Seconds(5, 120);
            while (!_over && !process.IsDead && (_world.GetUtcNow() < end || !_chaos.Rages)) await Task.Delay(TimeSpan.FromSeconds(1), _world);

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
            Assert.That(ended.Phase, Is.EqualTo(ended.Stages.All(stage => stage.Done) ? RunPhase.Succeeded : RunPhase.Failed));
            Assert.That(_machine.Jobs.Where(job => job.IsAlive && job.File.Run == run), Is.Empty, "jobs outlive the run");
            VerifyEvents(run, events);
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
        var ends = events.OfType<AttemptFact>().Where(fact => fact is AttemptSucceeded or AttemptFailed && fact.Token != "late");
        Assert.That(ends.Select(fact => fact.Token), Is.Unique, "an attempt ended twice");
    }
}
