using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.Grpo;

/// <summary>The frozen ancestor that the policy is held to: the policy as it began, and then as the options have it follow.</summary>
public sealed class ReferencePolicy : IDisposable
{
    private readonly GrpoOptions _options;
    private readonly Device _device;

    private ReferencePolicy(LanguageModel model, GrpoOptions options, Device device) => (Model, _options, _device) = (model, options, device);

    /// <summary>Its weights; they belong into checkpoints.</summary>
    public LanguageModel Model { get; }

    /// <summary>A copy of the policy; null where leaving it costs nothing, so that it would only take memory.</summary>
    public static ReferencePolicy? Of(ChatModel policy, GrpoOptions options, Device device)
    {
        if (options.KlCoefficient == 0) return null;
        var copy = new LanguageModel(policy.Model.Config, seed: 0, device);
        ModelWeights.Load(copy, ModelWeights.Of(policy.Model), "The policy");
        return new ReferencePolicy(copy, options, device);
    }

    /// <summary>Follows the policy after a step, if it is to.</summary>
    public void Follow(LanguageModel policy, int step)
    {
        switch (_options.Reference)
        {
            case { Replace: { } replace } when step % replace.Every == 0:
                ModelWeights.Load(Model, ModelWeights.Of(policy), "The policy");
                break;
            case { Ema: { } ema } when step % ema.Every == 0:
                using (no_grad())
                {
                    var weights = ModelWeights.Of(policy);
                    foreach (var (name, weight) in ModelWeights.Of(Model)) weight.lerp_(weights[name], 1 - ema.Decay);
                }
                break;
        }
    }

    /// <summary>The divergence of whole completions, summed over their tokens: what a KL in the reward takes off it, per unit of its coefficient.</summary>
    /// <param name="completions">As the policy sampled them.</param>
    public IReadOnlyList<double> Divergences(IReadOnlyList<SampledCompletion> completions)
    {
        using var scope = NewDisposeScope();
        var logProbs = CompletionLogProbs.Of(Model, completions, PolicyUpdate.TemperatureOf(_options.Sampling), _options.MicroBatchSize, _device);
        var kl = new Training.Losses.Policy.KlPenalty(1, PolicyObjective.EstimatorOf(_options));
        return [.. completions.Zip(logProbs, (completion, ofReference) =>
            kl.PerToken(tensor(completion.LogProbs), tensor(ofReference)).to(ScalarType.Float64).sum().item<double>())];
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
