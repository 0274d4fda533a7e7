using Pipeline.Engine.Loop;
using Pipeline.Engine.Runs;
using Pipeline.Engine.Tests.Simulation;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Tests.Loop;

public class RunClientTests
{
    private static readonly StageProgram Program = new(["/stage"], "build");

    private VirtualWorld _world = null!;
    private MemoryRunStore _journal = null!;
    private RunClient _client = null!;

    private static ResolvedPipeline Pipeline => new() { Name = "p", File = "/p.yaml", Stages = [Pipelines.Stage("a")] };

    [SetUp]
    public void MakeClient()
    {
        _world = new VirtualWorld();
        _journal = new MemoryRunStore();
        _client = new RunClient(_journal, _world, new Random(1));
    }

    [Test]
    public async Task Submit_InTheSameSecond_GivesOtherIds()
    {
        var ids = new HashSet<string>();
        for (var i = 0; i < 100; i++) ids.Add(await _client.Submit(Pipeline, Program));
        Assert.That(ids, Has.Count.EqualTo(100));
        Assert.That(ids, Has.All.Matches(@"^20250101-000000-[a-z]{4}$"));
    }

    [Test]
    public async Task Submit_WithAnIdThatIsTaken_TakesAnother()
    {
        // Two clients that draw the same letters.
        var first = await new RunClient(_journal, _world, new Random(5)).Submit(Pipeline, Program);
        var second = await new RunClient(_journal, _world, new Random(5)).Submit(Pipeline, Program);
        Assert.That(second, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Cancel_AskedTwice_IsRecordedOnce()
    {
        var run = await _client.Submit(Pipeline, Program);
        await _client.Cancel(run, "ann");
        await _client.Cancel(run, "bob");
        Assert.That((await _journal.Read(run)).OfType<RunCancelRequested>().Single().By, Is.EqualTo("ann"));
    }

    [Test]
    public async Task Requests_ThatDoNotFitTheRun_SayWhy()
    {
        var run = await _client.Submit(Pipeline, Program);
        await _client.Cancel(run, "ann");
        var resumedTooEarly = await Assert.ThrowsAsync<EngineException>(() => _client.Resume(run, new RunResumed()));
        Assert.That(resumedTooEarly!.Message, Does.Contain("being cancelled"));

        await _journal.Append(run, 2, [new RunSucceeded { Run = run, Sequence = 3 }]);
        var cancelledTooLate = await Assert.ThrowsAsync<EngineException>(() => _client.Cancel(run, "ann"));
        Assert.That(cancelledTooLate!.Message, Does.Contain("over (succeeded)"));
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => _client.Resume(run, new RunResumed())))!.Code, Is.EqualTo(EngineErrors.RunState));
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => _client.State("nobody")))!.Code, Is.EqualTo(EngineErrors.RunUnknown));
    }

    [Test]
    public async Task Answer_ThatNobodyAskedFor_SaysWhy()
    {
        var run = await _client.Submit(Pipeline, Program);
        var early = await Assert.ThrowsAsync<EngineException>(() => _client.Answer(run, "a", approved: true, "ann"));
        Assert.That((early!.Code, early.Message), Is.EqualTo((EngineErrors.RunState,
            $"Stage 'a' of run {run} does not wait for an answer: the stage is pending, the run running.")));
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => _client.Answer(run, "b", approved: true, "ann")))!.Code, Is.EqualTo(EngineErrors.StageUnknown));
    }

    [Test]
    public async Task Resolve_OfAWord_FindsTheRunItMeans()
    {
        var run = await _client.Submit(Pipeline, Program);
        foreach (var word in new[] { "latest", run, run[^4..], "2025" }) Assert.That(await _client.Resolve(word), Is.EqualTo(run), word);

        await _client.Submit(Pipeline, Program);
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => _client.Resolve("2025")))!.Message, Does.Contain("several runs"));
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => _client.Resolve("1999")))!.Code, Is.EqualTo(EngineErrors.RunUnknown));
    }

    [Test]
    public void Follow_FromTheStart_GivesEveryEventOnceUntilTheRunIsOver() => _world.Run(async () =>
    {
        var run = await _client.Submit(Pipeline, Program);
        var later = AppendLater();
        var seen = new List<long>();
        await foreach (var fact in _client.Follow(run)) seen.Add(fact.Sequence);
        await later;
        Assert.That(seen, Is.EqualTo(new[] { 1, 2, 3 }));

        async Task AppendLater()
        {
            await Task.Delay(TimeSpan.FromSeconds(3), _world);
            await _journal.Append(run, 1, [new RunCancelRequested { Run = run, Sequence = 2 }]);
            await Task.Delay(TimeSpan.FromSeconds(3), _world);
            await _journal.Append(run, 2, [new RunCancelled { Run = run, Sequence = 3 }]);
        }
    });
}
