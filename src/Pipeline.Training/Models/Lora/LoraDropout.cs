using Pipeline.Training.Sampling;
using static TorchSharp.torch;

namespace Pipeline.Training.Models.Lora;

/// <summary>
/// Which inputs of a pair are left out. A hash of (seed, step, forward pass, pair) decides, so a resumed step leaves out what it
/// would have, and a layer that is computed again for the backward pass what it had.
/// </summary>
/// <param name="rate">Share that is left out; the rest is scaled up.</param>
/// <param name="seed">Of the random numbers.</param>
internal sealed class LoraDropout(double rate, ulong seed)
{
    private long _step, _passes;

    /// <summary>The forward pass at hand, from 1; 0 in those without gradient, where nothing is left out.</summary>
    public long Pass { get; set; }

    public void BeginStep(long step) => (_step, _passes) = (step, 0);

    public void BeginPass() => Pass = is_grad_enabled() ? ++_passes : 0;

    /// <param name="input">[..., inputs].</param>
    /// <param name="pair">Number of the pair.</param>
    /// <returns>The same shape; the input itself where nothing is left out.</returns>
    public Tensor Thin(Tensor input, int pair)
    {
        if (Pass == 0) return input;
        using var scope = NewDisposeScope();
        using var generator = new Generator(CounterRandom.Hash(seed, _step, Pass, pair), input.device);
        var kept = empty(input.shape, ScalarType.Float32, input.device).uniform_(0, 1, generator).ge(rate);
        return (input * kept / (1 - rate)).to(input.dtype).MoveToOuterDisposeScope();
    }
}
