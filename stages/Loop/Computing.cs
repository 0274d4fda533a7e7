using Pipeline.Protocol.Options;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.Loop;

/// <summary>How the layers of a model compute, by the options of the stage that trains.</summary>
internal static class Computing
{
    /// <summary>Sets precision and activation checkpointing of every decoder in the model.</summary>
    public static void As(OptimizerOptions options, nn.Module model)
    {
        foreach (var transformer in model.modules().OfType<Transformer>())
        {
            transformer.ActivationCheckpointing = options.ActivationCheckpointing;
            transformer.ComputeType = options.Precision == Precision.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        }
    }
}
