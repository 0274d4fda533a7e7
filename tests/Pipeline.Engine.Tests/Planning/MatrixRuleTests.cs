using Pipeline.Engine.Planning;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using static Pipeline.Engine.Tests.Pipelines;

namespace Pipeline.Engine.Tests.Planning;

public class MatrixRuleTests
{
    // accuracies 0.5, 0.75, 0.75: the first of the largest, and the smallest.
    [TestCase(BestMode.Max, "x[seed=2]")]
    [TestCase(BestMode.Min, "x[seed=1]")]
    public void Best_OfMeasuredInstances_IsTheFirstOfTheBest(BestMode mode, string expected)
    {
        var state = Of(Matrix("x", 3)).Succeed("x[seed=1]", accuracy: 0.5).Succeed("x[seed=2]", accuracy: 0.75).Succeed("x[seed=3]", accuracy: 0.75).State;
        Assert.That(MatrixRule.Best(state, new BestOf("accuracy", mode, ["x[seed=1]", "x[seed=2]", "x[seed=3]"]))!.Instance, Is.EqualTo(expected));
    }

    [Test]
    public void Best_OfAMetricThatNobodyReported_IsNone() =>
        Assert.That(MatrixRule.Best(Of(Matrix("x", 1)).Succeed("x[seed=1]").State, new BestOf("accuracy", BestMode.Max, ["x[seed=1]"])), Is.Null);

    [Test]
    public void StoppedInstance_IsCancelled_AndWhatNeedsItIsBlocked()
    {
        var stages = Matrix("x", 2).Append(Stage("y", "x[seed=2]")).ToArray();
        var state = Of(stages).Intend("x[seed=2]").Fail("x[seed=1]").Fail("x[seed=2]", FailureClass.Cancelled).State;
        Assert.That(state.Stages.Select(stage => stage.Phase), Is.EqualTo(new[] { StagePhase.Failed, StagePhase.Cancelled, StagePhase.Blocked }));
    }
}
