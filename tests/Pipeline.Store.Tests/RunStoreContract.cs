using Pipeline.Engine;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using static Pipeline.Store.Tests.Journals;

namespace Pipeline.Store.Tests;

/// <summary>What every <see cref="IRunStore"/> promises.</summary>
public abstract class RunStoreContract
{
    private protected abstract IRunStore Store { get; }

    [Test]
    public async Task Append_ThenRead_GivesTheSameEvents()
    {
        await Store.Submit("a");
        await Store.AppendAfter("a", 1, Intended(), new AttemptStarted { Stage = "s", Instance = "s", Attempt = 1, Token = "t" });

        var events = await Store.Read("a");
        Assert.That(events.Select(fact => fact.Sequence), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(JournalJson.Write(events[1]), Is.EqualTo(JournalJson.Write(
            Intended() with { Run = "a", Sequence = 2, Time = Noon.AddSeconds(2) })));
    }

    [Test]
    public async Task Read_AfterASequence_GivesWhatFollows()
    {
        await Store.Submit("a");
        await Store.AppendAfter("a", 1, Intended(), new RunCancelRequested());
        Assert.That((await Store.Read("a", 2)).Single(), Is.TypeOf<RunCancelRequested>());
        Assert.That(await Store.Read("a", 3), Is.Empty);
        Assert.That((await Store.Read("a", 1, limit: 1)).Single().Sequence, Is.EqualTo(2));
    }

    [Test]
    public async Task Read_OfAnUnknownRun_IsEmpty()
    {
        Assert.That(await Store.Read("nobody"), Is.Empty);
        Assert.That(await Store.Find("nobody"), Is.Null);
    }

    [TestCase(0)]
    [TestCase(2)]
    public async Task Append_WithAnotherSequenceThanTheLast_IsAConflictAndWritesNothing(int expected)
    {
        await Store.Submit("a");
        await Assert.ThrowsAsync<SequenceConflictException>(() => Store.AppendAfter("a", expected, new RunCancelRequested()));
        Assert.That((await Store.Read("a")).Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Append_OfEventsThatCannotBeDerivedFrom_WritesNone()
    {
        // A journal cannot begin with its end; the first of the two events must go with the second.
        await Store.Submit("other");
        await Assert.CatchAsync(() => Store.AppendAfter("a", 0, new RunSucceeded(), Submitted("a")));
        Assert.That(await Store.Read("a"), Is.Empty);
        Assert.That((await Store.Changes(0)).Runs, Is.EqualTo(new[] { "other" }));
    }

    [Test]
    public async Task Changes_AfterAPosition_NamesTheRunsThatGrewSince()
    {
        await Store.Submit("a");
        await Store.Submit("b");
        var before = await Store.Changes(0);
        Assert.That(before.Runs, Is.EquivalentTo(new[] { "a", "b" }));

        Assert.That((await Store.Changes(before.Position)).Runs, Is.Empty);
        await Store.AppendAfter("b", 1, new RunCancelRequested());
        var after = await Store.Changes(before.Position);
        Assert.That(after.Runs, Is.EqualTo(new[] { "b" }));
        Assert.That(after.Position, Is.GreaterThan(before.Position));
    }

    [Test]
    public async Task Changes_AfterAPositionBeyondTheEnd_GivesTheEnd()
    {
        await Store.Submit("a");
        var end = await Store.Changes(long.MaxValue);
        Assert.That(end.Runs, Is.Empty);
        Assert.That(end.Position, Is.EqualTo((await Store.Changes(0)).Position));
    }

    [Test]
    public async Task Unfinished_LeavesOutRunsThatAreOver_AndTakesInThoseResumed()
    {
        foreach (var (i, run) in new[] { "running", "succeeded", "failed", "cancelled", "resumed" }.Index()) await Store.Submit(run, i);
        await Store.AppendAfter("succeeded", 1, new RunSucceeded());
        await Store.AppendAfter("failed", 1, new RunFailed { Failed = ["s"] });
        await Store.AppendAfter("cancelled", 1, new RunCancelRequested(), new RunCancelled());
        await Store.AppendAfter("resumed", 1, new RunFailed { Failed = ["s"] }, new RunResumed());

        Assert.That((await Store.Unfinished()).Select(run => run.Run), Is.EqualTo(new[] { "running", "resumed" }));
        Assert.That((await Store.Find("failed"))!.Phase, Is.EqualTo(RunPhase.Failed));
        Assert.That((await Store.Find("cancelled"))!.Ended, Is.EqualTo(Noon.AddSeconds(3)));
        Assert.That((await Store.Find("resumed"))!.Phase, Is.EqualTo(RunPhase.Running));
    }

    [Test]
    public async Task Newest_InPages_GoesThroughAllRunsOnce()
    {
        // c and d were submitted in the same instant; their ids part them.
        foreach (var (run, minute) in new[] { ("a", 1), ("b", 2), ("d", 3), ("c", 3) }) await Store.Submit(run, minute);
        var first = await Store.Newest(2);
        Assert.That(first.Select(run => run.Run), Is.EqualTo(new[] { "d", "c" }));
        var second = await Store.Newest(3, before: "c");
        Assert.That(second.Select(run => run.Run), Is.EqualTo(new[] { "b", "a" }));
    }

    [Test]
    public async Task Succeeded_ByFingerprint_GivesAttemptsOfAllRunsNewestFirst()
    {
        await Store.Submit("a");
        await Store.AppendAfter("a", 1, Intended(), Succeeded());
        await Store.Submit("b");
        await Store.AppendAfter("b", 1, Intended(1, "t1"), Failed(1, "t1"), Intended(2, "t2"), Succeeded(2, "t2"));
        await Store.Submit("c");
        await Store.AppendAfter("c", 1, Intended(fingerprint: "other"), Succeeded(fingerprint: "other"));

        var found = await Store.Succeeded("f");
        Assert.That(found.Select(success => (success.Run, success.Attempt)), Is.EqualTo(new[] { ("b", 2), ("a", 1) }));
        Assert.That(found[0].Outputs["model"].Digest, Is.EqualTo("sha256:0"));
    }

    [Test]
    public async Task AttemptsOf_AFingerprint_SaysWhichAreAlive()
    {
        await Store.Submit("a");
        await Store.AppendAfter("a", 1, Intended(1, "t1"), Failed(1, "t1"), Intended(2, "t2"));
        var attempts = await Store.AttemptsOf("f");
        Assert.That(attempts.Select(attempt => (attempt.Attempt, attempt.Alive)), Is.EqualTo(new[] { (2, true), (1, false) }));
        Assert.That(attempts[0].Parts["seed"]!.GetValue<int>(), Is.EqualTo(2));
    }

    [Test]
    public async Task Delete_OfARunThatHasEnded_LeavesNothingOfIt_ButItsIdUntilThatIsForgotten()
    {
        await Store.Submit("a");
        await Store.AppendAfter("a", 1, Intended(), Succeeded(), new RunSucceeded());
        await Store.Submit("b");
        await Store.Delete(["a"]);
        Assert.That(await Store.Read("a"), Is.Empty);
        Assert.That(await Store.Find("a"), Is.Null);
        Assert.That(await Store.Succeeded("f"), Is.Empty);
        Assert.That(await Store.AttemptsOf("f"), Is.Empty);
        Assert.That((await Store.Newest(9)).Single().Run, Is.EqualTo("b"));
        Assert.That(await Store.Deleted(), Is.EqualTo(new[] { "a" }));

        await Store.Forget("a");
        Assert.That(await Store.Deleted(), Is.Empty);
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => Store.Delete(["a"])))!.Code, Is.EqualTo(EngineErrors.RunUnknown));
    }

    [Test]
    public async Task Delete_OfARunThatIsUnderWay_OrServesAnother_IsRefusedAndChangesNothing()
    {
        await Store.Submit("maker");
        await Store.AppendAfter("maker", 1, Intended(), Succeeded());
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => Store.Delete(["maker"])))!.Code, Is.EqualTo(EngineErrors.RunState));

        await Store.AppendAfter("maker", 3, new RunSucceeded());
        await Store.Submit("taker");
        await Store.AppendAfter("taker", 1, Cached("maker"), new RunSucceeded());
        var refused = await Assert.ThrowsAsync<EngineException>(() => Store.Delete(["maker"]));
        Assert.That((refused!.Code, refused.Message), Is.EqualTo((EngineErrors.RunReferenced, "taker took outputs of run maker. Delete that first.")));
        Assert.That((await Store.Succeeded("f")).Count, Is.EqualTo(1));

        await Store.AppendAfter("maker", 4, new RunResumed { From = ["s"] }, Cached("taker"), new RunSucceeded());
        Assert.That((await Assert.ThrowsAsync<EngineException>(() => Store.Delete(["taker"])))!.Code, Is.EqualTo(EngineErrors.RunReferenced));
        await Store.Delete(["maker", "taker"]); // that took from each other
        Assert.That(await Store.Deleted(), Is.EqualTo(new[] { "maker", "taker" }));

        await Store.Submit("late"); // it looked in the cache before the maker went
        await Assert.ThrowsAsync<SourceDeletedException>(() => Store.AppendAfter("late", 1, Cached("maker")));
        Assert.That(await Store.Read("late"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task LateReport_WithTheTokenOfAnother_ChangesNoAttempt()
    {
        await Store.Submit("a");
        await Store.AppendAfter("a", 1, Intended(token: "mine"), Succeeded(token: "late"));
        Assert.That(await Store.Succeeded("f"), Is.Empty);
        Assert.That((await Store.AttemptsOf("f")).Single().Alive, Is.True);
    }

    [Test]
    public async Task AttemptsAt_AStage_AreThoseOfItsPipelineThatHadAFingerprint()
    {
        await Store.Submit("a", pipeline: "p");
        await Store.AppendAfter("a", 1, Intended(1, "t1", ""), Failed(1, "t1"), Intended(2, "t2"), Failed(2, "t2"), Intended(3, "t3"));
        await Store.Submit("b", pipeline: "q");
        await Store.AppendAfter("b", 1, Intended());
        Assert.That((await Store.AttemptsAt("p", "s", 10)).Select(attempt => attempt.Attempt), Is.EqualTo(new[] { 3, 2 }));
        Assert.That((await Store.AttemptsAt("p", "s", 1)).Single().Attempt, Is.EqualTo(3));
    }
}
