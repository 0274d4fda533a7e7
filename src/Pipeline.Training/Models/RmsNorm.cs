using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>Divides each position by its root mean square, then scales each channel. Zhang and Sennrich, arXiv:1910.07467.</summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    private readonly double _epsilon;

    public RmsNorm(long hidden, double epsilon, Device device) : base(nameof(RmsNorm))
    {
        _epsilon = epsilon;
        _weight = new Parameter(ones([hidden], ScalarType.Float32, device));
        RegisterComponents();
    }

    /// <summary>[hidden].</summary>
    public Parameter Weight => _weight;

    /// <param name="hiddenStates">[..., hidden].</param>
    /// <returns>[..., hidden].</returns>
    public override Tensor forward(Tensor hiddenStates) => Of(hiddenStates, _weight, _epsilon);

    /// <param name="hiddenStates">[..., hidden].</param>
    /// <param name="weight">Broadcasts against <paramref name="hiddenStates"/>.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <returns>[..., hidden].</returns>
    public static Tensor Of(Tensor hiddenStates, Tensor weight, double epsilon)
    {
        using var scope = NewDisposeScope();
        var meanSquare = hiddenStates.square().mean([-1], keepdim: true);
        return (hiddenStates * (meanSquare + epsilon).rsqrt() * weight).MoveToOuterDisposeScope();
    }
}
