using Pipeline.Protocol.Options;
using Pipeline.Stages.Loop;
using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using static TorchSharp.torch;
using KlEstimator = Pipeline.Training.Losses.KlEstimator;
using Objective = Pipeline.Training.Losses.Grpo;

namespace Pipeline.Stages.Grpo;

// Axes used in this file:
//   batch = rollouts of the micro-batch, one a row
//   seq   = token positions after the one-step shift, prompt and completion together

/// <summary>The gradient of GRPO's objective on the rollouts of one optimizer step, added up over micro-batches.</summary>
/// <param name="policy">What learns.</param>
/// <param name="reference">Its frozen ancestor; null where the KL has no weight.</param>
/// <param name="options">Clip, KL, averaging.</param>
/// <param name="device">Where the models live.</param>
public sealed class PolicyUpdate(LanguageModel policy, LanguageModel? reference, GrpoOptions options, Device device)
{
    private readonly ClipRange _clip = new(options.ClipLow, options.ClipHigh);
    private readonly KlPenalty? _kl = reference is null ? null
        : new KlPenalty(options.KlCoefficient, Enum.Parse<KlEstimator>(options.KlEstimator.ToString()));

    // Likeliest-token sampling has no distribution to be on; its log-probabilities are those at temperature 1.
    private readonly double _temperature = options.Sampling.Temperature > 0 ? options.Sampling.Temperature : 1;

    /// <summary>Runs the forward and backward passes.</summary>
    /// <param name="rollouts">Of one optimizer step.</param>
    /// <returns>The loss and what was measured beside it; the gradient's norm is not known yet.</returns>
    public UpdateMetrics Backward(IReadOnlyList<Rollout> rollouts)
    {
        var tokens = rollouts.Sum(rollout => (long)rollout.Completion.Tokens.Length);
        TokenReduction reduce = options.LossMean == LossMean.Sequence
            ? (perToken, mask) => SequenceMean.Of(perToken, mask, rollouts.Count)
            : (perToken, mask) => TokenMean.Of(perToken, mask, tokens);
        // Rows of like length share a micro-batch, so that little of it is padding.
        var parts = rollouts.OrderBy(rollout => rollout.Length).Chunk(options.MicroBatchSize)
            .Select(part => MicroBatch(part, reduce, tokens)).ToList();
        return new UpdateMetrics(
            parts.Sum(part => part.Loss), parts.Sum(part => part.Entropy), parts.Sum(part => part.Difference),
            GrpoMetrics.Mean([.. parts.Select(part => part.Metrics)]));
    }

    private (double Loss, double Entropy, double Difference, GrpoMetrics Metrics) MicroBatch(Rollout[] rollouts, TokenReduction reduce, long tokens)
    {
        using var scope = NewDisposeScope();
        var batch = ShiftedBatch.Of([.. rollouts.Select(rollout => rollout.Example)], device);
        var behavior = TokenBatch.Pad([.. rollouts.Select(rollout => rollout.BehaviorLogProbs)], (int)batch.Inputs.shape[1], device);
        var advantages = tensor(rollouts.Select(rollout => rollout.Advantage).ToArray(), device: device);   // [batch]
        var (logProbs, entropy) = LogProbsOf(policy, batch);
        var (loss, metrics) = Objective.Of(logProbs, behavior, advantages, batch.Mask, _clip, reduce, _kl, ReferenceLogProbs(batch));
        loss.backward();
        var difference = (logProbs.detach() - behavior).abs();
        return (loss.item<float>(), TokenMean.Of(entropy.detach(), batch.Mask, tokens).item<float>(),
            TokenMean.Of(difference, batch.Mask, tokens).item<float>(), metrics);
    }

    private Tensor? ReferenceLogProbs(ShiftedBatch batch)
    {
        if (reference is null) return null;
        using var noGradient = no_grad();
        return LogProbsOf(reference, batch).LogProbs;
    }

    private (Tensor LogProbs, Tensor Entropy) LogProbsOf(LanguageModel model, ShiftedBatch batch) =>
        ChunkedTokenLogProbs.Of(model.HiddenStates(batch.Inputs), model.OutputWeight, batch.Targets, batch.Mask, _temperature);
}
