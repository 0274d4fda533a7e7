using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>Every token of the step counts the same, so a long completion counts more than a short one (DAPO, arXiv:2503.14476).</summary>
public static class TokenMean
{
    /// <param name="perToken">[batch, seq].</param>
    /// <param name="completionMask">[batch, seq], bool. True where the token counts.</param>
    /// <param name="stepTokens">Counting tokens of the whole step, of which this may be a micro-batch. Default: those of the mask.</param>
    /// <returns>[], a micro-batch's share of the step's mean.</returns>
    public static Tensor Of(Tensor perToken, Tensor completionMask, long? stepTokens = null)
    {
        using var scope = NewDisposeScope();
        var sum = perToken.masked_fill(~completionMask, 0).sum();
        return (stepTokens is { } tokens ? sum / Math.Max(tokens, 1) : sum / completionMask.sum().clamp(min: 1)).MoveToOuterDisposeScope();
    }
}
