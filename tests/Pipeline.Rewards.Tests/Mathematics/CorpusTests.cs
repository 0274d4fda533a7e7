using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Tests.Mathematics;

/// <summary>Hand-made pairs, seen through the accuracy reward. A pair that is judged otherwise is listed in the failure.</summary>
public class CorpusTests
{
    private static readonly Accuracy s_accuracy = new(AnswerForm.Tags);

    [Test]
    public void Accuracy_NearMisses_AreAllWrongBothWays()
    {
        var pairs = AnswerPairs.Of("near-misses.txt").ToList();
        Assert.That(pairs, Has.Count.GreaterThanOrEqualTo(300));
        // A pair nobody can read, or nobody can afford, would test nothing.
        Assert.That(BothWays(pairs).Where(pair => pair.Outcome is not RewardOutcome.Wrong), Is.Empty);
    }

    [Test]
    public void Accuracy_OneAnswerWrittenTwice_IsRightBothWays()
    {
        var pairs = AnswerPairs.Of("equal.txt").ToList();
        Assert.That(pairs, Has.Count.GreaterThanOrEqualTo(200));
        Assert.That(BothWays(pairs).Where(pair => pair.Outcome is not RewardOutcome.Correct), Is.Empty);
    }

    /// <summary>What is left to the reader is no answer, although it is the same mathematics.</summary>
    [TestCase("3+4", "7")]
    [TestCase("14-7", "7")]
    [TestCase("3 \\cdot 4", "12")]
    [TestCase("3(4)", "12")]
    [TestCase("1/2+1/3", "5/6")]
    [TestCase(@"\frac{1+2}{4}", "3/4")]
    [TestCase("2^{3+4}", "128")]
    [TestCase(@"2\sqrt{4}", "4")]
    [TestCase("x=3+4", "7")]
    [TestCase("(1+1,2)", "(2,2)")]
    [TestCase(@"\{1+1,3\}", @"\{2,3\}")]
    [TestCase("1+2<x", "x>3")]
    public void Accuracy_UnfinishedWork_IsWrongAndTheResultOfUnfinishedGoldRight(string unfinished, string result)
    {
        Assert.That(Outcome(unfinished, result), Is.EqualTo(RewardOutcome.Wrong));
        Assert.That(Outcome(result, unfinished), Is.EqualTo(RewardOutcome.Correct), "a ground truth may be written as it likes");
        Assert.That(Outcome(unfinished, unfinished), Is.EqualTo(RewardOutcome.Correct));
    }

    private static IEnumerable<(string Answer, string Gold, RewardOutcome Outcome)> BothWays(IEnumerable<(string Left, string Right)> pairs) => pairs
        .SelectMany(pair => new[] { pair, (pair.Right, pair.Left) }).Select(pair => (pair.Item1, pair.Item2, Outcome(pair.Item1, pair.Item2)));

    private static RewardOutcome Outcome(string answer, string gold) => s_accuracy.Score(Completions.Of($"<answer>{answer}</answer>", gold)).Outcome;
}
