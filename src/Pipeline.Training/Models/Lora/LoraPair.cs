using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Training.Models.Lora;

/// <summary>The low-rank update of one linear layer: <c>y = W x + scale * B A x</c> (LoRA, arXiv:2106.09685, eq. 3).</summary>
/// <param name="down">A, [rank, inputs].</param>
/// <param name="up">B, [outputs, rank].</param>
/// <param name="scale">alpha / rank.</param>
/// <param name="dropout">Leaves inputs out in training; null where none is.</param>
/// <param name="number">Among the adapter's pairs: each leaves out other inputs.</param>
internal sealed class LoraPair(Parameter down, Parameter up, double scale, LoraDropout? dropout, int number)
{
    public Parameter Down => down;
    public Parameter Up => up;

    /// <summary>Adds the update to what the layer makes of an input without it, in place.</summary>
    /// <param name="output">[..., outputs], of the input's type.</param>
    /// <param name="input">[..., inputs].</param>
    public void AddTo(Tensor output, Tensor input)
    {
        using var scope = NewDisposeScope();
        var kept = dropout?.Thin(input, number) ?? input;
        var low = nn.functional.linear(kept, down.to(input.dtype));                // [..., rank]
        output.add_(nn.functional.linear(low, up.to(input.dtype)), scale);
    }

    /// <summary>Adds the update to the layer's own weight, so that it computes the same without the pair (to rounding).</summary>
    /// <param name="weight">[outputs, inputs], float32.</param>
    public void MergeInto(Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        weight.add_(up.matmul(down), scale);
    }
}
