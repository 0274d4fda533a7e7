using Pipeline.Protocol.Options;
using Pipeline.Stages.Grpo;
using Pipeline.Training.Losses.Policy;
using static TorchSharp.torch;

namespace Pipeline.Stages.Tests.Grpo;

/// <summary>Which loss a setting chooses; what each computes is tested beside the losses.</summary>
public sealed class PolicyObjectiveTest
{
    // Two completions of one and three tokens; the policy is twice as likely to write each, so every token's ratio is 2.
    private static readonly float[] s_ratios = [2, 1, 1, 2, 2, 2];

    private static IEnumerable<TestCaseData> Algorithms =>
    [
        // Clipped to 1.2, advantage 1: -1.2 a token, whatever it is averaged over.
        new TestCaseData(new PolicyAlgorithm { Grpo = new() }, -1.2f),
        new TestCaseData(new PolicyAlgorithm { Dapo = new() }, -1.28f),
        // Four tokens over 2 completions x 10 tokens: -1.2 * 4 / 20.
        new TestCaseData(new PolicyAlgorithm { DrGrpo = new() { Length = 10 } }, -0.24f),
        // The default length is sampling.max_tokens, 64: -1.2 * 4 / 128.
        new TestCaseData(new PolicyAlgorithm { DrGrpo = new() }, -0.0375f),
        new TestCaseData(new PolicyAlgorithm { Gspo = new() }, -1.0004f),
        // Ratios of completions are 2 and 8, clipped to 3: (-2 - 3) / 2.
        new TestCaseData(new PolicyAlgorithm { Rloo = new() { ClipHigh = 2 } }, -2.5f),
    ];

    [TestCaseSource(nameof(Algorithms))]
    public void Of_AnAlgorithm_IsItsLoss(PolicyAlgorithm algorithm, float expected)
    {
        using var scope = NewDisposeScope();
        var objective = PolicyObjective.Of(new GrpoOptions { Algorithm = algorithm, KlCoefficient = 0 });
        var mask = tensor(new[] { true, false, false, true, true, true }).view(2, 3);
        var batch = new PolicyBatch(tensor(s_ratios).log().view(2, 3), zeros(2, 3), ones(2), mask, new(2, 4));
        Assert.That(objective.Loss(batch, objective.Terms).Loss.item<float>(), Is.EqualTo(expected).Within(1e-5f));
    }

    [Test]
    public void Of_KlInTheRewardOrOfNoWeight_AsksForNoneInTheLoss()
    {
        Assert.That(PolicyObjective.Of(new GrpoOptions()).Terms.Kl, Is.EqualTo(new KlPenalty(0.001)));
        Assert.That(PolicyObjective.Of(new GrpoOptions { KlIn = KlPlace.Reward }).Terms.Kl, Is.Null);
        Assert.That(PolicyObjective.Of(new GrpoOptions { KlCoefficient = 0 }).Terms.Kl, Is.Null);
    }

    [Test]
    public void Parts_TwoPassesOfThreeParts_TakeEachRolloutOncePerPassInAnotherOrder()
    {
        var rollouts = Enumerable.Range(0, 8).Select(number => new Rollout(null!, number)).ToList();
        var parts = GrpoStage.Parts(rollouts, new GrpoOptions { MiniBatches = 3, InnerEpochs = 2 }, seed: 5).ToList();
        // 8 / 3: parts of 2, 3 and 3.
        Assert.That(parts.Select(part => part.Count), Is.EqualTo(new[] { 2, 3, 3, 2, 3, 3 }));
        var (first, second) = (parts.Take(3).SelectMany(part => part).ToList(), parts.Skip(3).SelectMany(part => part).ToList());
        Assert.That(first, Is.EquivalentTo(rollouts));
        Assert.That(second, Is.EquivalentTo(rollouts).And.Not.EqualTo(first));
    }
}
