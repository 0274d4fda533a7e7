using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>The first weights of a new model, from a seed and nothing else.</summary>
internal static class WeightInitialization
{
    /// <summary>Fills matrices with normal noise of that standard deviation; vectors keep what their layer began with, ones in norms and zeros in biases. Without a seed matrices keep their zeros too.</summary>
    /// <remarks>Drawn on the CPU by a generator of its own: the same on every device, whatever ran before.</remarks>
    public static void Fill(nn.Module model, ulong? seed, double standardDeviation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed ?? 0);
        foreach (var (_, weight) in model.named_parameters())
        {
            weight.DetachFromDisposeScope(); // a model outlives the scope it was built in
            if (weight.Dimensions > 1 && seed is not null)
                weight.copy_(empty(weight.shape, ScalarType.Float32).normal_(0, standardDeviation, generator));
        }
    }
}
