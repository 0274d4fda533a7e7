using System.Text.Json.Nodes;
using Pipeline.Engine.Planning;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using static Pipeline.Engine.Tests.Pipelines;

namespace Pipeline.Engine.Tests.Planning;

/// <summary>The table of cases: a journal, and all that is to be done about it.</summary>
public class PlannerTests
{
    private static readonly DateTimeOffset Later = Noon.AddHours(1);

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case("NewRun_StartsEveryStageThatNeedsNothing",
            Of(Stage("a"), Stage("b"), Stage("c", "a", "b")), new Start(Key("a", 1), Later), new Start(Key("b", 1), Later));

        yield return Case("Join_WithOneNeedDone_Waits",
            Of(Stage("a"), Stage("b"), Stage("c", "a", "b")).Succeed("a").Intend("b"), new Watch(Key("b", 1)));

        yield return Case("Join_WithAllNeedsDone_Starts",
            Of(Stage("a"), Stage("b"), Stage("c", "a", "b")).Succeed("a").Succeed("b"), new Start(Key("c", 1), Later));

        yield return Case("FanOut_AfterItsNeed_StartsAllAtOnce",
            Of(Stage("a"), Stage("b", "a"), Stage("c", "a")).Succeed("a"), new Start(Key("b", 1), Later), new Start(Key("c", 1), Later));

        yield return Case("CachedAndSkippedNeeds_CountAsDone",
            Of(Stage("a"), Stage("b"), Stage("c", "a") with { Needs = ["a", "b"] })
                .Add(new StageCached { Stage = "a", Instance = "a", Fingerprint = "f", SourceRun = "r", SourceInstance = "a", SourceAttempt = 1, Outputs = new Dictionary<string, StageOutput>() })
                .Add(new StageSkipped { Stage = "b", Instance = "b", Reason = "if" }),
            new Start(Key("c", 1), Later));

        yield return Case("IntendedAttempt_IsWatched_AsAfterACrash", Of(Stage("a")).Intend("a"), new Watch(Key("a", 1)));

        yield return Case("RunningAttempt_IsWatched", Of(Stage("a")).Intend("a").Start("a"), new Watch(Key("a", 1)));

        yield return Case("FailedAttempt_ThatIsRetriedAtOnce_IsScheduledForNow",
            Of(Stage("a")).Fail("a", FailureClass.Interrupted, retry: true), new ScheduleRetry(Key("a", 2), Later));

        yield return Case("ScheduledRetry_StartsAtItsTime",
            Of(Stage("a")).Fail("a", FailureClass.Interrupted, retry: true).ScheduleRetry("a", 2, Later.AddMinutes(5)),
            new Start(Key("a", 2), Later.AddMinutes(5)));

        yield return Case("FailedStage_BlocksItsDependents_WhileOthersGoOn",
            Of(Stage("a"), Stage("b", "a"), Stage("c", "b"), Stage("d")).Fail("a"), new Start(Key("d", 1), Later));

        yield return Case("FailedStage_AfterTheOthersEnded_EndsTheRun",
            Of(Stage("a"), Stage("b", "a"), Stage("d")).Fail("a").Succeed("d"), new Finish(new RunFailed { Failed = ["a"] }));

        yield return Case("FailedStage_WhileAnotherRuns_DoesNotEndTheRun",
            Of(Stage("a"), Stage("d")).Fail("a").Intend("d"), new Watch(Key("d", 1)));

        yield return Case("AllStagesDone_EndsTheRun", Of(Stage("a"), Stage("b", "a")).Succeed("a").Succeed("b"), new Finish(new RunSucceeded()));

        yield return Case("Cancel_StartsNothingMore_AndWatchesWhatIsAlive",
            Of(Stage("a"), Stage("b")).Intend("a").Add(new RunCancelRequested()), new Watch(Key("a", 1)));

        yield return Case("Cancel_WithNothingAlive_EndsTheRun",
            Of(Stage("a"), Stage("b")).Succeed("a").Add(new RunCancelRequested()), new Finish(new RunCancelled()));

        yield return Case("Cancel_TakesBackAWaitingRetry_AndEndsTheRun",
            Of(Stage("a")).Fail("a", FailureClass.NodeFailure, retry: true).ScheduleRetry("a", 2, Later).Add(new RunCancelRequested()),
            new Withdraw(Key("a", 2)), new Finish(new RunCancelled()));

        yield return Case("Cancel_ThatCameTooLate_EndsInSuccess",
            Of(Stage("a")).Intend("a").Add(new RunCancelRequested()).Succeed("a"), new Finish(new RunSucceeded()));

        yield return Case("RunThatIsOver_NeedsNothing", Of(Stage("a")).Fail("a").Add(new RunFailed { Failed = ["a"] }));

        yield return Case("ResumedRun_KeepsWhatSucceeded_AndTriesTheRestAgain",
            Of(Stage("a"), Stage("b"), Stage("c", "b")).Succeed("a").Fail("b").Add(new RunFailed { Failed = ["b"] }).Add(new RunResumed()),
            new Start(Key("b", 2), Later));

        yield return Case("StageThatAwaitsApproval_HoldsTheRunOpen",
            Of(Stage("a")).Add(new ApprovalRequested { Stage = "a", Instance = "a", Message = "Promote?" }));

        yield return Case("RunResumedFromAStage_DoesThatAndWhatIsBehindItAgain",
            Of(Stage("a"), Stage("b", "a"), Stage("c", "b"), Stage("d")).Succeed("a").Succeed("b").Succeed("c").Succeed("d")
                .Add(new RunSucceeded()).Add(new RunResumed { From = ["b"] }),
            new Start(Key("b", 2), Later));

        yield return Case("RunThatSucceeded_IsNotResumedFromNothing",
            Of(Stage("a")).Succeed("a").Add(new RunSucceeded()).Add(new RunResumed()));

        yield return Case("RunResumedWithAnotherPipeline_HasItsStages_AndDecidesAnewWhatIsLeftOut",
            Of(Stage("a"), Stage("b") with { Needs = ["a"], If = Param("size", Comparison.Equal, "large") }, Stage("old", "a"))
                .WithParam("size", "small").Succeed("a").Skip("b").Fail("old").Add(new RunFailed { Failed = ["old"] })
                .Add(new RunResumed { Pipeline = new() { Name = "p", File = "/p.yaml", Stages = [Stage("a"), Stage("b") with { Needs = ["a"] }, Stage("new", "a")] } }),
            new Start(Key("b", 1), Later), new Start(Key("new", 1), Later));

        yield return Case("Matrix_StartsAllItsInstances",
            Of(Matrix("x", 3)), new Start(Key("x[seed=1]", 1), Later), new Start(Key("x[seed=2]", 1), Later), new Start(Key("x[seed=3]", 1), Later));

        yield return Case("Matrix_WithMaxParallel_StartsTheFirst",
            Of(Matrix("x", 3, maxParallel: 2)), new Start(Key("x[seed=1]", 1), Later), new Start(Key("x[seed=2]", 1), Later));

        yield return Case("Matrix_WithMaxParallel_StartsTheNext_WhenOneIsDone",
            Of(Matrix("x", 4, maxParallel: 2)).Succeed("x[seed=1]").Intend("x[seed=2]"),
            new Watch(Key("x[seed=2]", 1)), new Start(Key("x[seed=3]", 1), Later));

        yield return Case("Matrix_WithMaxParallel_KeepsThePlaceOfOneThatIsRetried",
            Of(Matrix("x", 3, maxParallel: 1)).Fail("x[seed=1]", FailureClass.Interrupted, retry: true),
            new ScheduleRetry(Key("x[seed=1]", 2), Later));

        yield return Case("Matrix_WithFailFast_WatchesWhatMustStop_AndStartsNothingMore",
            Of(Matrix("x", 3, maxParallel: 2)).Intend("x[seed=2]").Fail("x[seed=1]"), new Watch(Key("x[seed=2]", 1)));

        yield return Case("Matrix_WithFailFast_TakesBackARetry_AndEndsTheRun",
            Of(Matrix("x", 2)).Fail("x[seed=2]", FailureClass.NodeFailure, retry: true).ScheduleRetry("x[seed=2]", 2, Later).Fail("x[seed=1]"),
            new Withdraw(Key("x[seed=2]", 2)), new Finish(new RunFailed { Failed = ["x[seed=1]"] }));

        yield return Case("Matrix_WithoutFailFast_GoesOn",
            Of(Matrix("x", 2, failFast: false)).Fail("x[seed=1]"), new Start(Key("x[seed=2]", 1), Later));

        yield return Case("ResumedMatrix_TriesAgainWhatFailedAndWhatWasStopped",
            Of(Matrix("x", 3)).Succeed("x[seed=3]").Intend("x[seed=2]").Fail("x[seed=1]").Fail("x[seed=2]", FailureClass.Cancelled)
                .Add(new RunFailed { Failed = ["x[seed=1]", "x[seed=2]"] }).Add(new RunResumed()),
            new Start(Key("x[seed=1]", 2), Later), new Start(Key("x[seed=2]", 2), Later));

        yield return Case("StageThatWantsApproval_AsksWhenItsNeedsAreDone",
            Of(Stage("a"), Stage("b", "a") with { Approval = new("Promote?", TimeoutSeconds: 60) }).Succeed("a"),
            new RequestApproval("b", "Promote?", Later.AddMinutes(1)));

        yield return Case("StageThatWantsApproval_BeforeItsNeedsAreDone_DoesNotAskYet",
            Of(Stage("a"), Stage("b", "a") with { Approval = new("Promote?") }).Intend("a"), new Watch(Key("a", 1)));

        yield return Case("StageThatWantsApproval_WhoseConditionSaysNo_IsSkippedWithoutAsking",
            Of(Stage("a") with { Approval = new("Promote?"), If = Param("size", Comparison.Equal, "large") }).WithParam("size", "small"),
            new Skip("a", "It runs if size == large; size is small."));

        yield return Case("Question_BeforeItsDeadline_HoldsTheRunOpen", Asked(ApprovalTimeout.Reject, Later.AddSeconds(1)));

        yield return Case("Question_AtItsDeadline_IsAnsweredWithNo",
            Asked(ApprovalTimeout.Reject, Later), new AnswerForNobody("a", Approved: false));

        yield return Case("Question_AtItsDeadline_IsAnsweredWithYes_IfTheFileSaysSo",
            Asked(ApprovalTimeout.Approve, Later), new AnswerForNobody("a", Approved: true));

        yield return Case("Question_OfACancelledRun_IsNotWaitedFor",
            Asked(ApprovalTimeout.Approve, Later).Add(new RunCancelRequested()), new Finish(new RunCancelled()));

        yield return Case("ResumedRun_AsksAgainAfterANo_AndNotAfterAYes",
            Of(Stage("a") with { Approval = new("A?") }, Stage("b") with { Approval = new("B?") })
                .Add(new ApprovalRequested { Stage = "a", Instance = "a", Message = "A?" }).Answer("a", approved: false)
                .Add(new ApprovalRequested { Stage = "b", Instance = "b", Message = "B?" }).Answer("b", approved: true)
                .Fail("b").Add(new RunFailed { Failed = ["a", "b"] }).Add(new RunResumed()),
            new RequestApproval("a", "A?", null), new Start(Key("b", 2), Later));

        yield return Case("ApprovedStage_Starts",
            Of(Stage("a")).Add(new ApprovalRequested { Stage = "a", Instance = "a", Message = "Promote?" })
                .Add(new ApprovalGiven { Stage = "a", Instance = "a", Approved = true, By = "ann" }),
            new Start(Key("a", 1), Later));

        yield return Case("RejectedStage_Fails",
            Of(Stage("a"), Stage("b", "a")).Add(new ApprovalRequested { Stage = "a", Instance = "a", Message = "Promote?" })
                .Add(new ApprovalGiven { Stage = "a", Instance = "a", Approved = false, By = "ann" }),
            new Finish(new RunFailed { Failed = ["a"] }));

        yield return Case("StageWhoseParameterSaysNo_IsSkippedBeforeItsNeedsAreDone",
            Of(Stage("a"), Stage("b", "a") with { If = Param("size", Comparison.Equal, "large") }).WithParam("size", "small"),
            new Start(Key("a", 1), Later), new Skip("b", "It runs if size == large; size is small."));

        yield return Case("StageWhoseParameterSaysYes_Starts",
            Of(Stage("a") with { If = Param("size", Comparison.Equal, "small") }).WithParam("size", "small"), new Start(Key("a", 1), Later));

        yield return Case("StageWhoseMetricSaysNo_IsSkipped",
            Of(Stage("a"), Stage("b", "a") with { If = Metric("a", Comparison.GreaterOrEqual, 0.5) }).Succeed("a", accuracy: 0.25),
            new Skip("b", "It runs if accuracy of a >= 0.5; the value is 0.25."));

        yield return Case("StageWhoseMetricSaysYes_Starts",
            Of(Stage("a"), Stage("b", "a") with { If = Metric("a", Comparison.GreaterOrEqual, 0.5) }).Succeed("a", accuracy: 0.5),
            new Start(Key("b", 1), Later));

        yield return Case("StageWhoseMetricWasNotReported_Starts_AndWillFailBeforeItHasAJob",
            Of(Stage("a"), Stage("b", "a") with { If = Metric("a", Comparison.GreaterOrEqual, 0.5) }).Succeed("a"),
            new Start(Key("b", 1), Later));

        yield return Case("StageWhoseMetricIsOfASkippedStage_IsSkipped",
            Of(Stage("a"), Stage("b") with { Needs = ["a"], If = Metric("a", Comparison.GreaterOrEqual, 0.5) }).Skip("a"),
            new Skip("b", "It runs if accuracy of a >= 0.5, which is skipped."));

        yield return Case("StageThatReadsASkippedOne_IsSkippedToo_AndSoOn",
            Of(Stage("a"), Stage("b", "a"), Stage("c", "b")).Skip("a").Skip("b"), new Skip("c", "It reads 'model' of b, which is skipped."));

        yield return Case("StageThatOnlyNeedsASkippedOne_Starts",
            Of(Stage("a"), Stage("b") with { Needs = ["a"] }).Skip("a"), new Start(Key("b", 1), Later));

        yield return Case("StageThatCanDoWithoutTheSkippedOne_Starts",
            Of(Stage("a"), Stage("b") with { Needs = ["a"], Inputs = Reads("a", optional: true) }).Skip("a"), new Start(Key("b", 1), Later));

        yield return Case("RunOfSkippedStages_Succeeds", Of(Stage("a")).Skip("a"), new Finish(new RunSucceeded()));

        yield return Case("GateThatPassed_LetsTheNextStart",
            Of(Gated("a", GateFailure.Stop), Stage("b", "a")).Succeed("a", accuracy: 0.5).Gates("a"), new Start(Key("b", 1), Later));

        yield return Case("GateThatDidNotPass_BlocksTheNext_AndFailsTheRun",
            Of(Gated("a", GateFailure.Stop), Stage("b", "a")).Succeed("a", accuracy: 0.4).Gates("a"), new Finish(new RunFailed { Failed = ["a"] }));

        yield return Case("GateOnAMetricThatWasNotReported_DoesNotPass",
            Of(Gated("a", GateFailure.Stop), Stage("b", "a")).Succeed("a").Gates("a"), new Finish(new RunFailed { Failed = ["a"] }));

        yield return Case("GateThatOnlyWarns_LetsTheNextStart",
            Of(Gated("a", GateFailure.Warn), Stage("b", "a")).Succeed("a", accuracy: 0.4).Gates("a"), new Start(Key("b", 1), Later));

        yield return Case("ResumedRun_LooksAtAGateAnew",
            Of(Gated("a", GateFailure.Stop)).Succeed("a", accuracy: 0.4).Gates("a").Add(new RunFailed { Failed = ["a"] }).Add(new RunResumed()),
            new Start(Key("a", 2), Later));
    }

    private static Journal Asked(ApprovalTimeout onTimeout, DateTimeOffset deadline) =>
        Of(Stage("a") with { Approval = new("Promote?", 60, onTimeout) })
            .Add(new ApprovalRequested { Stage = "a", Instance = "a", Message = "Promote?", Deadline = deadline });

    private static ResolvedStage Gated(string id, GateFailure onFail) =>
        Stage(id) with { Gates = [new Gate("accuracy", Comparison.GreaterOrEqual, 0.5, onFail)] };

    private static RunCondition Param(string name, Comparison op, JsonNode value) => new() { Param = name, Op = op, Value = value };

    private static RunCondition Metric(string stage, Comparison op, double value) =>
        new() { Stage = stage, Metric = "accuracy", Op = op, Value = value };

    private static Dictionary<string, StageInput> Reads(string stage, bool optional) =>
        new() { ["model"] = new StageInput("model", stage, "model", Optional: optional) };

    [TestCaseSource(nameof(Cases))]
    public void Plan_OfAJournal_SaysAllThatIsNext(RunState state, Command[] expected) =>
        Assert.That(Planner.Plan(state, Later).Select(Text), Is.EqualTo(expected.Select(Text)));

    [Test]
    public void MayStart_AnAttemptThatIsNotTheNext_Not()
    {
        var state = Of(Stage("a")).State;
        Assert.That(Planner.MayStart(state, Key("a", 1)), Is.True);
        Assert.That(Planner.MayStart(state, Key("a", 2)), Is.False);
        Assert.That(Planner.MayStart(Of(Stage("a")).Intend("a").State, Key("a", 2)), Is.False, "the first is still alive");
    }

    private static AttemptKey Key(string stage, int attempt) => new(Run, stage, attempt);

    private static TestCaseData Case(string name, Journal journal, params Command[] expected) =>
        new TestCaseData(journal.State, expected).SetName(name);

    private static string Text(Command command) => command is Finish finish ? "Finish " + JournalJson.Write(finish.Outcome) : command.ToString();
}
