using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>The gated feed-forward layer SwiGLU (arXiv:2002.05202).</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "gate_proj")] private readonly Projection _gate;
    [ComponentName(Name = "up_proj")] private readonly Projection _up;
    [ComponentName(Name = "down_proj")] private readonly Projection _down;

    public FeedForward(ModelConfig config, Device device) : base(nameof(FeedForward))
    {
        _gate = new(config.HiddenSize, config.IntermediateSize, bias: false, device);
        _up = new(config.HiddenSize, config.IntermediateSize, bias: false, device);
        _down = new(config.IntermediateSize, config.HiddenSize, bias: false, device);
        RegisterComponents();
    }

    public Projection Gate => _gate;
    public Projection Up => _up;
    public Projection Down => _down;

    /// <param name="hiddenStates">[..., hidden].</param>
    /// <returns>[..., hidden].</returns>
    public override Tensor forward(Tensor hiddenStates)
    {
        using var scope = NewDisposeScope();
        var gated = nn.functional.silu(_gate.call(hiddenStates)) * _up.call(hiddenStates); // [..., intermediate]
        return _down.call(gated).MoveToOuterDisposeScope();
    }
}
