using Pipeline.Training.Losses;
using Pipeline.Training.Losses.Policy;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Losses;

public sealed class LossTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void SetUp() => _scope = NewDisposeScope();

    [TearDown]
    public void TearDown() => _scope.Dispose();

    [Test]
    public void ChunkedLogProbs_OverManyChunks_HaveTheValuesAndGradientsOfPlainAutograd()
    {
        // A vocabulary of 65,536 makes chunks of 64 positions: 2 * 80 of them take three, the last one short.
        const long vocab = 65_536, hidden = 4;
        using var generator = new Generator(1);
        var hiddenStates = randn([2, 80, hidden], generator: generator);
        var weight = randn([vocab, hidden], generator: generator) * 0.5;
        var tokens = randint(vocab, [2, 80], ScalarType.Int64, generator: generator);
        var mask = rand([2, 80], generator: generator) > 0.1;
        var (upstream, ofEntropy) = (randn([2, 80], generator: generator), randn([2, 80], generator: generator));

        var (h1, w1) = (hiddenStates.clone().requires_grad_(), weight.clone().requires_grad_());
        var (logProbs, entropy) = ChunkedTokenLogProbs.Of(h1, w1, tokens, mask, temperature: 0.7);
        (logProbs * upstream + entropy * ofEntropy).sum().backward();

        var (h2, w2) = (hiddenStates.clone().requires_grad_(), weight.clone().requires_grad_());
        var scores = nn.functional.linear(h2, w2) / 0.7;
        var all = nn.functional.log_softmax(scores, -1);
        var plain = TokenLogProbs.Of(scores, tokens).masked_fill(~mask, 0);
        var plainEntropy = (-(all.exp() * all).sum(-1)).masked_fill(~mask, 0);
        (plain * upstream + plainEntropy * ofEntropy).sum().backward();

        Assert.That(Reference.Difference(logProbs, plain), Is.LessThan(1e-6));
        // Sums of 65,536 numbers, in another order on every kind of processor: without AVX-512 3e-6 here and 2e-5 in the gradients.
        Assert.That(Reference.Difference(entropy, plainEntropy), Is.LessThan(1e-5));
        Assert.That(Reference.Difference(h1.grad!, h2.grad!), Is.LessThan(5e-5));
        Assert.That(Reference.Difference(w1.grad!, w2.grad!), Is.LessThan(5e-5));
    }

    [Test]
    public void ChunkedLogProbs_WithNothingWanted_AreZeroAndTeachNothing()
    {
        var hiddenStates = randn(1, 3, 4).requires_grad_();
        var (logProbs, _) = ChunkedTokenLogProbs.Of(hiddenStates, randn(5, 4).requires_grad_(), zeros([1, 3], ScalarType.Int64), zeros([1, 3], ScalarType.Bool));
        CrossEntropy.Of(logProbs, zeros([1, 3], ScalarType.Bool)).backward();
        Assert.That(hiddenStates.grad!.abs().sum().item<float>(), Is.Zero);
    }

    [Test]
    public void ChunkedLogProbs_WithoutGradient_AreTheSameAndLeaveNothingBehind()
    {
        var (hiddenStates, weight) = (randn(2, 3, 4), randn(5, 4).requires_grad_());
        var (tokens, mask) = (zeros([2, 3], ScalarType.Int64), ones([2, 3], ScalarType.Bool));
        var (expected, _) = ChunkedTokenLogProbs.Of(hiddenStates, weight, tokens, mask);
        using var noGradient = no_grad();
        var live = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var i = 0; i < 10; i++)
        {
            using var scope = NewDisposeScope();
            var (logProbs, _) = ChunkedTokenLogProbs.Of(hiddenStates, weight, tokens, mask);
            Assert.That(logProbs.requires_grad, Is.False);
            Assert.That(logProbs.eq(expected).all().item<bool>(), Is.True);
        }
        Assert.That(DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount, Is.EqualTo(live));
    }

    [Test]
    public void Grpo_RatioAboveUpperBound_StillPunishesABadToken() =>
        // ratio = 2, advantage = -1: min(-2, -1.28) = -2, negated. The clip must not shield a bad token.
        Assert.That(Loss(logRatio: MathF.Log(2), advantage: -1), Is.EqualTo(2f).Within(1e-6f));

    [Test]
    public void Grpo_RatioAboveUpperBound_StopsRewardingAGoodToken() =>
        // ratio = 2, advantage = 1: min(2, 1.28) = 1.28, negated.
        Assert.That(Loss(logRatio: MathF.Log(2), advantage: 1), Is.EqualTo(-1.28f).Within(1e-6f));

    [Test]
    public void Grpo_GarbageOutsideTheMask_ReachesNeitherLossNorGradient()
    {
        var logProbs = tensor(new[] { -1f, -1f }).unsqueeze(0).requires_grad_();
        var behavior = tensor(new[] { -1f, float.NegativeInfinity }).unsqueeze(0);
        var batch = new PolicyBatch(logProbs, behavior, ones(1), tensor(new[] { true, false }).unsqueeze(0), new(1, 1)) { ReferenceLogProbs = behavior };
        var (loss, metrics) = Dapo.Of(batch, new(new(0.2, 0.2)) { Kl = new(0.1), Importance = new(Cap: 2) });
        loss.backward();
        Assert.That(loss.item<float>(), Is.EqualTo(-1f));
        Assert.That(logProbs.grad!.data<float>().ToArray(), Is.EqualTo(new[] { -1f, 0f }), "d ratio / d log-prob = ratio = 1, negated");
        Assert.That(metrics.Tokens, Is.EqualTo(1));
    }

    [Test]
    public void PolicyMetrics_OfFourTokens_CountClipsOnTheSideThatBinds()
    {
        // Ratios 0.5, 2, 0.5, 2 with advantages -1, 1, 1, -1: the first is clipped low, the second high, the others bind not.
        var logProbs = tensor(new[] { 0.5f, 2f, 0.5f, 2f }).log().view(4, 1);
        var batch = new PolicyBatch(logProbs, zeros(4, 1), tensor(new[] { -1f, 1f, 1f, -1f }), ones([4, 1], ScalarType.Bool), new(4, 4))
        {
            ReferenceLogProbs = zeros(4, 1),
        };
        var (_, metrics) = Dapo.Of(batch, new(new(0.2, 0.2)) { Kl = new(0) });
        Assert.That((metrics.ClippedLow, metrics.ClippedHigh), Is.EqualTo((0.25, 0.25)));
        Assert.That(metrics.LargestLogProbDifference, Is.EqualTo(Math.Log(2)).Within(1e-6));
        // k3 with r = reference / policy = 2, 0.5, 2, 0.5: r - 1 - log r = 1 - ln 2 and ln 2 - 0.5, mean 0.25.
        Assert.That(metrics.Kl, Is.EqualTo(0.25).Within(1e-6));
    }

    [Test]
    public void PolicyMetrics_UnderACorrection_TellItsWeights()
    {
        // policy / sampler = 0.5, 1, 3 with a cap of 2: weights 0.5, 1, 2, mean 7/6.
        var logProbs = tensor(new[] { 0.5f, 1f, 3f }).log().view(3, 1);
        var batch = new PolicyBatch(logProbs, zeros(3, 1), ones(3), ones([3, 1], ScalarType.Bool), new(3, 3));
        var (_, metrics) = Grpo.Of(batch, new(new(0.2, 0.2)) { Importance = new(Cap: 2) });
        Assert.That((metrics.SmallestImportance, metrics.LargestImportance), Is.EqualTo((0.5, 2)));
        Assert.That(metrics.Importance, Is.EqualTo(7 / 6.0).Within(1e-6));
    }

    [Test]
    public void DualClip_ABadTokenThatBecameLikely_IsPunishedNoHarderThanItsBound() =>
        // ratio = 8, advantage = -1: min(-8, -1.28) = -8, held to 3 * -1 = -3, negated.
        Assert.That(Loss(logRatio: MathF.Log(8), advantage: -1, dual: 3), Is.EqualTo(3f).Within(1e-5f));

    [Test]
    public void Grpo_ACompletionWithoutALearntToken_CountsAsZero()
    {
        // Ratios 1 and advantages 1: losses -1 and, masked, 0; over both -0.5, over its one token DAPO's is -1.
        var batch = new PolicyBatch(zeros(2, 1), zeros(2, 1), ones(2), tensor(new[] { true, false }).view(2, 1), new(2, 1));
        Assert.That(Grpo.Of(batch, new(new(0.2, 0.2))).Loss.item<float>(), Is.EqualTo(-0.5f));
        Assert.That(Dapo.Of(batch, new(new(0.2, 0.2))).Loss.item<float>(), Is.EqualTo(-1f));
        // Dr. GRPO divides by completions times the longest allowed: -1 / (2 * 10).
        Assert.That(DrGrpo.Of(batch, new(new(0.2, 0.2)), length: 10).Loss.item<float>(), Is.EqualTo(-0.05f));
    }

    [Test]
    public void Reductions_OfRowsOfOneAndThreeTokens_WeighThemDifferently()
    {
        var perToken = tensor(new[] { 4f, 99f, 99f, 1f, 1f, 1f }).view(2, 3);
        var mask = tensor(new[] { true, false, false, true, true, true }).view(2, 3);
        // Row means 4 and 1, mean 2.5; all four tokens together (4 + 1 + 1 + 1) / 4 = 1.75.
        Assert.That(SequenceMean.Of(perToken, mask).item<float>(), Is.EqualTo(2.5f));
        Assert.That(TokenMean.Of(perToken, mask).item<float>(), Is.EqualTo(1.75f));
        // As halves of a step of twice the size they give half.
        Assert.That(SequenceMean.Of(perToken, mask, stepSequences: 4).item<float>(), Is.EqualTo(1.25f));
        Assert.That(TokenMean.Of(perToken, mask, stepTokens: 8).item<float>(), Is.EqualTo(0.875f));
    }

    [Test]
    public void Advantages_OfAGroupThatAgrees_AreZero() =>
        Assert.That(Advantages.WithinGroup(ones(2, 4)).abs().max().item<float>(), Is.Zero);

    [Test]
    public void Pairwise_OfTwoPairs_IsTheMeanSurprise()
    {
        // Margins 2 and -1: -log sigmoid = ln(1 + e^-2) = 0.126928 and ln(1 + e^1) = 1.313262; mean 0.720095.
        var (loss, accuracy, margin) = PairwiseLogistic.Of(tensor(new[] { 3f, 0f }), tensor(new[] { 1f, 1f }));
        Assert.That(loss.item<float>(), Is.EqualTo(0.720095f).Within(1e-6f));
        Assert.That((accuracy, margin), Is.EqualTo((0.5, 0.5)));
    }

    [Test]
    public void Pointwise_OfAGoodAndABadCompletion_IsTheirCrossEntropy()
    {
        // Score 2 labelled good: ln(1 + e^-2) = 0.126928. Score 1 labelled bad: ln(1 + e^1) = 1.313262; mean 0.720095.
        var (loss, accuracy) = PointwiseLogistic.Of(tensor(new[] { 2f, 1f }), tensor(new[] { 1f, 0f }));
        Assert.That(loss.item<float>(), Is.EqualTo(0.720095f).Within(1e-6f));
        Assert.That(accuracy, Is.EqualTo(0.5));
    }

    private static float Loss(float logRatio, float advantage, double? dual = null) => Grpo.Of(
        new PolicyBatch(tensor(new[] { logRatio }).view(1, 1), zeros(1, 1), tensor(new[] { advantage }), ones([1, 1], ScalarType.Bool), new(1, 1)),
        new(new ClipRange(0.2, 0.28, dual))).Loss.item<float>();
}
