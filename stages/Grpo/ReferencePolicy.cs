using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;
using Pipeline.Training.Models;
using Pipeline.Training.Models.Lora;
using static TorchSharp.torch;

namespace Pipeline.Stages.Grpo;

/// <summary>
/// The frozen ancestor that the policy is held to: the policy as it began, and then as the options have it follow. Where the
/// policy is an adapter, the reference is another on the same base, so that there is no second model.
/// </summary>
public sealed class ReferencePolicy : IDisposable
{
    private readonly LoraAdapter? _adapter;
    private readonly IReadOnlyDictionary<string, Tensor> _ofPolicy;
    private readonly GrpoOptions _options;
    private readonly Device _device;

    private ReferencePolicy(ChatModel policy, GrpoOptions options, Device device)
    {
        (_options, _device, _adapter) = (options, device, policy.Adapter?.Copy());
        (Model, Weights, _ofPolicy) = _adapter is null
            ? Whole(policy.Model)
            : (policy.Model, Tensors(_adapter), Tensors(policy.Adapter!));
        Computing.As(options, Model);
    }

    /// <summary>The model to ask, within <see cref="Use"/>.</summary>
    public LanguageModel Model { get; }

    /// <summary>The weights that are its own; they belong into checkpoints.</summary>
    public IReadOnlyDictionary<string, Tensor> Weights { get; }

    /// <summary>The policy as it is; null where leaving it costs nothing, so that it would only take memory.</summary>
    /// <exception cref="ConfigException">A mean of adapters is asked for.</exception>
    public static ReferencePolicy? Of(ChatModel policy, GrpoOptions options, Device device)
    {
        if (options.KlCoefficient == 0) return null;
        if (policy.Adapter is not null && options.Reference.Ema is not null)
            throw new ConfigException(StageErrors.OptionInvalid,
                "reference is ema, and the policy is an adapter (lora): the mean of two adapters is none of their rank. Use replace or fixed.");
        return new ReferencePolicy(policy, options, device);
    }

    /// <summary>Makes <see cref="Model"/> the reference until the result is disposed.</summary>
    public IDisposable? Use() => _adapter?.Use();

    /// <summary>Follows the policy after a step, if it is to.</summary>
    public void Follow(int step)
    {
        switch (_options.Reference)
        {
            case { Replace: { } replace } when step % replace.Every == 0:
                ModelWeights.Load(Weights, _ofPolicy, "The policy");
                break;
            case { Ema: { } ema } when step % ema.Every == 0:
                using (no_grad())
                {
                    foreach (var (name, weight) in Weights) weight.lerp_(_ofPolicy[name], 1 - ema.Decay);
                }
                break;
        }
    }

    /// <summary>The divergence of whole completions, summed over their tokens: what a KL in the reward takes off it, per unit of its coefficient.</summary>
    /// <param name="completions">As the policy sampled them.</param>
    public IReadOnlyList<double> Divergences(IReadOnlyList<SampledCompletion> completions)
    {
        using var scope = NewDisposeScope();
        using var use = Use();
        var logProbs = CompletionLogProbs.Of(Model, completions, PolicyUpdate.TemperatureOf(_options.Sampling), _options.MicroBatchSize, _device);
        var kl = new Training.Losses.Policy.KlPenalty(1, PolicyObjective.EstimatorOf(_options));
        return [.. completions.Zip(logProbs, (completion, ofReference) =>
            kl.PerToken(tensor(completion.LogProbs), tensor(ofReference)).to(ScalarType.Float64).sum().item<double>())];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_adapter is null) Model.Dispose();
        else _adapter.Dispose();
    }

    private (LanguageModel, IReadOnlyDictionary<string, Tensor>, IReadOnlyDictionary<string, Tensor>) Whole(LanguageModel policy)
    {
        var (copy, ofPolicy) = (new LanguageModel(policy.Config, seed: 0, _device), ModelWeights.Of(policy));
        ModelWeights.Load(copy, ofPolicy, "The policy");
        return (copy, ModelWeights.Of(copy), ofPolicy);
    }

    private static Dictionary<string, Tensor> Tensors(LoraAdapter adapter) => adapter.Weights.ToDictionary(weight => weight.Key, weight => (Tensor)weight.Value);
}
