using Pipeline.Protocol.Options;
using Pipeline.Stages.Loop;
using Pipeline.Training.Losses;
using Pipeline.Training.Losses.Policy;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.Grpo;

// Axes used in this file:
//   batch = rollouts of the micro-batch, one a row
//   seq   = token positions after the one-step shift, prompt and completion together

/// <summary>The gradient of the objective on the rollouts of one optimizer step, added up over micro-batches.</summary>
/// <param name="policy">What learns.</param>
/// <param name="reference">Its frozen ancestor; null where the loss does not ask for it.</param>
/// <param name="objective">The loss.</param>
/// <param name="options">Sampling temperature, micro-batches.</param>
/// <param name="device">Where the models live.</param>
public sealed class PolicyUpdate(LanguageModel policy, ReferencePolicy? reference, PolicyObjective objective, GrpoOptions options, Device device)
{
    private readonly double _temperature = TemperatureOf(options.Sampling);

    /// <summary>Likeliest-token sampling has no distribution to be on; its log-probabilities are those at temperature 1.</summary>
    public static double TemperatureOf(SamplingOptions sampling) => sampling.Temperature > 0 ? sampling.Temperature : 1;

    /// <summary>Runs the forward and backward passes.</summary>
    /// <param name="rollouts">Of one optimizer step.</param>
    /// <returns>The loss and what was measured beside it; the gradient's norm is not known yet.</returns>
    public UpdateMetrics Backward(IReadOnlyList<Rollout> rollouts)
    {
        var step = new StepSize(rollouts.Count, rollouts.Sum(rollout => (long)rollout.LearntTokens));
        // Rows of like length share a micro-batch, so that little of it is padding.
        var parts = rollouts.OrderBy(rollout => rollout.Length).Chunk(options.MicroBatchSize)
            .Select(part => MicroBatch(part, step)).ToList();
        return new UpdateMetrics(
            parts.Sum(part => part.Loss), parts.Sum(part => part.Entropy), parts.Sum(part => part.Difference),
            PolicyMetrics.Mean([.. parts.Select(part => part.Metrics)]));
    }

    /// <summary>Notes what the policy's log-probabilities are before the updates that follow.</summary>
    public List<Rollout> WithProximalLogProbs(IReadOnlyList<Rollout> rollouts)
    {
        var logProbs = CompletionLogProbs.Of(policy, [.. rollouts.Select(rollout => rollout.Completion)], _temperature, options.MicroBatchSize, device);
        return [.. rollouts.Zip(logProbs, (rollout, before) => rollout with { ProximalLogProbs = before })];
    }

    private (double Loss, double Entropy, double Difference, PolicyMetrics Metrics) MicroBatch(Rollout[] rollouts, StepSize step)
    {
        using var scope = NewDisposeScope();
        var tokens = ShiftedBatch.Of([.. rollouts.Select(rollout => rollout.Example)], device);
        var behavior = PerToken(rollouts, tokens, rollout => rollout.Completion.LogProbs);
        var advantages = tensor(rollouts.Select(rollout => rollout.Advantage).ToArray(), device: device);   // [batch]
        var (logProbs, entropy) = CompletionLogProbs.Of(policy, tokens, _temperature);
        var batch = new PolicyBatch(logProbs, behavior, advantages, tokens.Mask, step)
        {
            ProximalLogProbs = rollouts[0].ProximalLogProbs is null ? null : PerToken(rollouts, tokens, rollout => rollout.ProximalLogProbs!),
            ReferenceLogProbs = ReferenceLogProbs(tokens),
            Entropy = entropy,
        };
        var (loss, metrics) = objective.Loss(batch, objective.Terms);
        loss.backward();
        var difference = (logProbs.detach() - behavior).abs();
        return (loss.item<float>(), TokenMean.Of(entropy.detach(), tokens.Mask, step.Tokens).item<float>(),
            TokenMean.Of(difference, tokens.Mask, step.Tokens).item<float>(), metrics);
    }

    /// <returns>[batch, seq].</returns>
    private Tensor PerToken(Rollout[] rollouts, ShiftedBatch tokens, Func<Rollout, float[]> values) =>
        TokenBatch.Pad([.. rollouts.Select(rollout => rollout.Shifted(values(rollout)))], (int)tokens.Inputs.shape[1], device);

    private Tensor? ReferenceLogProbs(ShiftedBatch tokens)
    {
        if (reference is null) return null;
        using var noGradient = no_grad();
        using var use = reference.Use();
        return CompletionLogProbs.Of(reference.Model, tokens, _temperature).LogProbs;
    }
}
