using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>
/// A linear layer. TorchSharp's own draws its first weights from the process-wide generator, which would make
/// the next random number depend on how many models were built; this one leaves them to <see cref="WeightInitialization"/>.
/// </summary>
internal sealed class Projection : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter? _bias;

    public Projection(long inputs, long outputs, bool bias, Device device) : base(nameof(Projection))
    {
        _weight = new Parameter(zeros([outputs, inputs], ScalarType.Float32, device));
        _bias = bias ? new Parameter(zeros([outputs], ScalarType.Float32, device)) : null;
        RegisterComponents();
    }

    /// <summary>[outputs, inputs].</summary>
    public Parameter Weight => _weight;

    /// <summary>[outputs], or null.</summary>
    public Parameter? Bias => _bias;

    /// <param name="input">[..., inputs]. Its type is what is computed with; the weights are cast to it.</param>
    /// <returns>[..., outputs], of the input's type.</returns>
    public override Tensor forward(Tensor input)
    {
        if (input.dtype == _weight.dtype) return nn.functional.linear(input, _weight, _bias);
        using var weight = _weight.to(input.dtype);
        using var bias = _bias?.to(input.dtype);
        return nn.functional.linear(input, weight, bias);
    }
}
