using Pipeline.Training.Safetensors;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>The weights of a model by their names in a checkpoint.</summary>
public static class ModelWeights
{
    /// <summary>The model's own tensors, not copies: who writes to one changes the model.</summary>
    public static IReadOnlyDictionary<string, Tensor> Of(nn.Module model) =>
        model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);

    /// <summary>Overwrites the model's weights.</summary>
    /// <param name="model">What is overwritten, whole or not at all.</param>
    /// <param name="tensors">One for each weight, of its shape, any float type and device.</param>
    /// <param name="source">Where they came from, for messages.</param>
    /// <exception cref="TrainingException">A tensor is missing, one too many, or of another shape.</exception>
    public static void Load(nn.Module model, IReadOnlyDictionary<string, Tensor> tensors, string source) => Load(Of(model), tensors, source);

    /// <summary>Overwrites some weights, such as an adapter's.</summary>
    /// <param name="weights">What is overwritten, all or none.</param>
    /// <param name="tensors">One for each, of its shape, any float type and device.</param>
    /// <param name="source">Where they came from, for messages.</param>
    /// <exception cref="TrainingException">A tensor is missing, one too many, or of another shape.</exception>
    public static void Load(IReadOnlyDictionary<string, Tensor> weights, IReadOnlyDictionary<string, Tensor> tensors, string source)
    {
        RequireFit(weights, tensors.ToDictionary(t => t.Key, t => t.Value.shape), source);
        using var noGradient = no_grad();
        foreach (var (name, weight) in weights) weight.copy_(tensors[name]);
    }

    /// <summary>The same from files, a piece at a time: beside the model's own memory it takes a few MB.</summary>
    internal static void Load(nn.Module model, IReadOnlyDictionary<string, StoredTensor> tensors, string source)
    {
        RequireFit(model, tensors, source);
        foreach (var (name, weight) in Of(model)) tensors[name].CopyTo(weight);
    }

    /// <summary>Names and shapes are the model's.</summary>
    internal static void RequireFit(nn.Module model, IReadOnlyDictionary<string, StoredTensor> tensors, string source) =>
        RequireFit(Of(model), tensors.ToDictionary(t => t.Key, t => t.Value.Entry.Shape), source);

    private static void RequireFit(IReadOnlyDictionary<string, Tensor> weights, Dictionary<string, long[]> shapes, string source)
    {
        foreach (var (name, weight) in weights)
        {
            if (!shapes.TryGetValue(name, out var found))
                throw Wrong($"tensor {name} {Shape(weight.shape)} is missing; the file has {shapes.Count} tensors, the model {weights.Count}.");
            if (!found.SequenceEqual(weight.shape))
                throw Wrong($"tensor {name} has shape {Shape(found)}, the model expects {Shape(weight.shape)}.");
        }
        if (shapes.Keys.FirstOrDefault(name => !weights.ContainsKey(name)) is { } extra)
            throw Wrong($"tensor {extra} {Shape(shapes[extra])} is not part of the model, which has {weights.Count} tensors.");

        TrainingException Wrong(string what) =>
            new(TrainingErrors.WrongTensors, $"{source}: {what} Is config.json the one the weights were saved with?");
    }

    /// <summary>Overwrites the weights that both have: how a reward model starts from a language model's decoder.</summary>
    /// <exception cref="TrainingException">A decoder weight is missing in <paramref name="from"/>, or of another shape.</exception>
    public static void CopyTransformer(Transformer from, Transformer to) => Load(to, Of(from), "The other model");

    private static string Shape(long[] shape) => $"[{string.Join(", ", shape)}]";
}
