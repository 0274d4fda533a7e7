using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>
/// Turns each pair of channels of a query or key by an angle proportional to its position (RoPE, arXiv:2104.09864).
/// Channel i is paired with i + headDim / 2, as in Hugging Face's weights; the paper pairs neighbours.
/// </summary>
/// <param name="headDim">Channels of a head, even.</param>
/// <param name="theta">Base of the wave lengths.</param>
/// <param name="scaling">Stretches the wave lengths; null for none.</param>
/// <param name="device">Where the tables live.</param>
internal sealed class RotaryEmbedding(int headDim, double theta, RopeScaling? scaling, Device device) : IDisposable
{
    private Tensor? _cos;
    private Tensor? _signedSin;

    /// <summary>The turns of the positions 0 to <paramref name="positions"/> - 1.</summary>
    /// <returns>Two views [positions, headDim] for <see cref="Turn"/>; the caller disposes them, the table stays.</returns>
    public (Tensor Cos, Tensor SignedSin) For(long positions)
    {
        if (_cos is null || _cos.shape[0] < positions) Grow(Math.Max(positions, 64));
        return (_cos!.narrow(0, 0, positions), _signedSin!.narrow(0, 0, positions));
    }

    /// <summary>x cos + rotate_half(x) sin, where the minus sign of rotate_half is in the table instead.</summary>
    /// <param name="heads">[..., headDim].</param>
    /// <param name="cos">Broadcasts against <paramref name="heads"/>.</param>
    /// <param name="signedSin">As <paramref name="cos"/>.</param>
    /// <returns>As <paramref name="heads"/>.</returns>
    public static Tensor Turn(Tensor heads, Tensor cos, Tensor signedSin)
    {
        using var scope = NewDisposeScope();
        var swapped = heads.roll(heads.shape[^1] / 2, -1);
        return (heads * cos).addcmul(swapped, signedSin, 1).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _cos?.Dispose();
        _signedSin?.Dispose();
    }

    private void Grow(long positions)
    {
        // A table born in inference mode could not be used in training later.
        using var mode = inference_mode(false);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // float32 throughout, as in the models' own code: the angles' rounding is part of the trained weights' world.
        var channel = arange(0, headDim, 2, ScalarType.Float32) / headDim;
        var frequency = 1 / pow(tensor(theta, ScalarType.Float32), channel);                      // [headDim / 2]
        if (scaling is not null) frequency = scaling.Scale(frequency);
        var angle = outer(arange(positions, ScalarType.Float32), frequency);                      // [positions, headDim / 2]
        var (cos, sin) = (angle.cos(), angle.sin());
        Dispose();
        _cos = cat([cos, cos], dim: -1).to(device).DetachFromDisposeScope();                      // [positions, headDim]
        _signedSin = cat([-sin, sin], dim: -1).to(device).DetachFromDisposeScope();
    }
}
