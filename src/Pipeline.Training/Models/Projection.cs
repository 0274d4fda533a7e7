using Pipeline.Training.Models.Lora;
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

    /// <summary>The adapter's update of this layer, where one is in use.</summary>
    public LoraPair? Adapter { get; set; }

    /// <summary>[outputs, inputs]: the weight with the adapter's update in it, for who computes with it by other means.</summary>
    /// <returns>A copy in the caller's dispose scope, or the weight itself where no adapter is in use.</returns>
    public Tensor Merged()
    {
        if (Adapter is null) return _weight;
        var merged = _weight.detach().clone();
        Adapter.MergeInto(merged);
        return merged;
    }

    /// <param name="input">[..., inputs]. Its type is what is computed with; the weights are cast to it.</param>
    /// <returns>[..., outputs], of the input's type.</returns>
    public override Tensor forward(Tensor input)
    {
        var output = Linear(input);
        Adapter?.AddTo(output, input);
        return output;
    }

    private Tensor Linear(Tensor input)
    {
        if (input.dtype == _weight.dtype) return nn.functional.linear(input, _weight, _bias);
        using var weight = _weight.to(input.dtype);
        using var bias = _bias?.to(input.dtype);
        return nn.functional.linear(input, weight, bias);
    }
}
