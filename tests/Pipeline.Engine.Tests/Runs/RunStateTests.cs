using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using static Pipeline.Engine.Tests.Pipelines;

namespace Pipeline.Engine.Tests.Runs;

public class RunStateTests
{
    [Test]
    public void Attempt_FromIntentToSuccess_MakesTheStagesOutputs()
    {
        var journal = Of(Stage("a")).Intend("a");
        Assert.That(journal.State.Stage("a").Last!.Phase, Is.EqualTo(AttemptPhase.Intended));
        journal.Start("a");
        Assert.That(journal.State.Stage("a").Last!.Started, Is.EqualTo(Noon.AddSeconds(3)));
        var done = journal.Succeed("a").State.Stage("a");
        Assert.That((done.Phase, done.Last!.Phase), Is.EqualTo((StagePhase.Succeeded, AttemptPhase.Succeeded)));
        Assert.That(done.Outputs["model"].Path, Is.EqualTo("/a"));
    }

    [Test]
    public void AttemptThatEnded_NeverLeavesItsPhase()
    {
        var failed = Of(Stage("a")).Fail("a", FailureClass.Config).Succeed("a").Start("a").State.Stage("a");
        Assert.That((failed.Phase, failed.Last!.Phase), Is.EqualTo((StagePhase.Failed, AttemptPhase.Failed)));
        var done = Of(Stage("a")).Succeed("a").Fail("a").State.Stage("a");
        Assert.That((done.Phase, done.Last!.Phase), Is.EqualTo((StagePhase.Succeeded, AttemptPhase.Succeeded)));
    }

    [Test]
    public void Report_OfAnEarlierAttempt_IsIgnored()
    {
        var journal = Of(Stage("a")).Fail("a", FailureClass.NodeFailure, retry: true).Intend("a", 2);
        Assert.That(journal.Succeed("a", attempt: 1).State.Stage("a").Phase, Is.EqualTo(StagePhase.Active));
    }

    [Test]
    public void Report_WithAnotherToken_IsIgnored()
    {
        var late = Journal.About(new AttemptSucceeded { Fingerprint = "f", Outputs = new Dictionary<string, StageOutput>() }, "a", 1);
        Assert.That(Of(Stage("a")).Intend("a").Add(late with { Token = "other" }).State.Stage("a").Phase, Is.EqualTo(StagePhase.Active));
    }

    [Test]
    public void SecondIntent_WhileAnAttemptLives_IsIgnored() =>
        Assert.That(Of(Stage("a")).Intend("a").Intend("a", 2).State.Stage("a").Attempts, Has.Count.EqualTo(1));

    [Test]
    public void FailedStage_BlocksAllBehindIt_AndSaysWhy()
    {
        var state = Of(Stage("a"), Stage("b", "a"), Stage("c", "b"), Stage("d")).Fail("a").State;
        Assert.That(state.Stages.Select(stage => stage.Phase),
            Is.EqualTo(new[] { StagePhase.Failed, StagePhase.Blocked, StagePhase.Blocked, StagePhase.Pending }));
        Assert.That(state.Stage("c").Reason, Is.EqualTo("It needs b, which did not succeed."));
    }

    [Test]
    public void FailureWhileCancelling_IsACancelledStage()
    {
        var state = Of(Stage("a"), Stage("b", "a")).Intend("a").Add(new RunCancelRequested())
            .Fail("a", FailureClass.Cancelled).Add(new RunCancelled()).State;
        Assert.That(state.Phase, Is.EqualTo(RunPhase.Cancelled));
        Assert.That(state.Stages.Select(stage => stage.Phase), Is.All.EqualTo(StagePhase.Cancelled));
    }

    [Test]
    public void RunThatIsOver_IsLeftByAResumeAlone()
    {
        var journal = Of(Stage("a"), Stage("b", "a")).Fail("a").Add(new RunFailed { Failed = ["a"] });
        Assert.That(journal.Intend("a", 2).Add(new RunSucceeded()).State.Phase, Is.EqualTo(RunPhase.Failed));

        var resumed = journal.Add(new RunResumed { Program = new StageProgram(["/new"], "next") }).State;
        Assert.That((resumed.Phase, resumed.Ended, resumed.Program.Digest), Is.EqualTo((RunPhase.Running, (DateTimeOffset?)null, "next")));
        Assert.That(resumed.Stages.Select(stage => stage.Phase), Is.All.EqualTo(StagePhase.Pending));
        Assert.That(resumed.Stage("a").NextAttempt, Is.EqualTo(2), "attempts are numbered on");
    }

    [Test]
    public void RunThatSucceeded_CannotBeResumed() => Assert.That(
        Of(Stage("a")).Succeed("a").Add(new RunSucceeded()).Add(new RunResumed()).State.Phase, Is.EqualTo(RunPhase.Succeeded));

    [Test]
    public void EventsRead_IsTheFurthestOffset()
    {
        // Offsets 100 (checkpoint at step 100) and 250 (alarm): the next look begins at 250.
        var alarm = Journal.About(new AlarmRaised { Kind = StageEventKind.Alarm, Step = 1, Code = "C", Message = "M", Offset = 250 }, "a", 1);
        var attempt = Of(Stage("a")).Intend("a").Checkpoint("a", 100).Add(alarm).Checkpoint("a", 90).State.Stage("a").Last!;
        Assert.That(attempt.EventsRead, Is.EqualTo(250));
        Assert.That(attempt.Checkpoint!.Step, Is.EqualTo(100));
    }

    [Test]
    public void Fold_OfAJournalWithAGap_IsRefused()
    {
        var state = Of(Stage("a")).State;
        var error = Assert.Throws<EngineException>(() => state.Apply(new RunSucceeded { Run = Run, Sequence = 3 }))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalDamaged));
        Assert.That(error.Message, Does.Contain("from event 1 to event 3"));
    }

    [Test]
    public void Fold_OfAJournalWithoutItsBeginning_IsRefused() => Assert.That(
        Assert.Throws<EngineException>(() => RunState.Fold([new RunSucceeded { Run = Run, Sequence = 1 }]))!.Code,
        Is.EqualTo(EngineErrors.JournalDamaged));

    [Test]
    public void Summary_OfAnyJournal_AgreesWithItsFold()
    {
        JournalEvent[] facts =
            [new RunCancelRequested(), new RunCancelled(), new RunResumed(), new RunFailed { Failed = [] }, new RunResumed(), new RunSucceeded(), new RunResumed()];
        var journal = Of(Stage("a"));
        RunSummary? summary = null;
        summary = RunSummary.Apply(summary, new RunSubmitted { Run = Run, Sequence = 1, Pipeline = journal.State.Pipeline, Program = journal.State.Program });
        foreach (var fact in facts)
        {
            var state = journal.Add(fact).State;
            summary = RunSummary.Apply(summary, fact with { Sequence = state.Sequence, Time = Noon.AddSeconds(state.Sequence) });
            Assert.That((summary.Phase, summary.Ended, summary.Sequence), Is.EqualTo((state.Phase, state.Ended, state.Sequence)), fact.GetType().Name);
        }
    }
}
