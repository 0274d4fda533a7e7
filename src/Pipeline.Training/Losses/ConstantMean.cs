using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>Every token counts the same in every step, however many there are (Dr. GRPO, arXiv:2503.20783).</summary>
public static class ConstantMean
{
    /// <param name="perToken">[batch, seq].</param>
    /// <param name="completionMask">[batch, seq], bool. True where the token counts.</param>
    /// <param name="divisor">Of the whole step, of which this may be a micro-batch.</param>
    /// <returns>[], a micro-batch's share of the step's mean.</returns>
    public static Tensor Of(Tensor perToken, Tensor completionMask, long divisor)
    {
        using var scope = NewDisposeScope();
        return (perToken.masked_fill(~completionMask, 0).sum() / divisor).MoveToOuterDisposeScope();
    }
}
