using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>Every completion of the step counts the same, whatever its length (DeepSeekMath, arXiv:2402.03300, equation 3).</summary>
/// <remarks>A token of a long completion counts less: Dr. GRPO (arXiv:2503.20783) calls this the length bias.</remarks>
public static class SequenceMean
{
    /// <param name="perToken">[batch, seq].</param>
    /// <param name="completionMask">[batch, seq], bool. True where the token counts. A row without any counts as zero.</param>
    /// <param name="stepSequences">Completions of the whole step, of which this may be a micro-batch. Default: those of the batch.</param>
    /// <returns>[], a micro-batch's share of the step's mean.</returns>
    public static Tensor Of(Tensor perToken, Tensor completionMask, long? stepSequences = null)
    {
        using var scope = NewDisposeScope();
        var sums = perToken.masked_fill(~completionMask, 0).sum(-1);   // [batch]
        var means = sums / completionMask.sum(-1).clamp(min: 1);       // [batch]
        return (means.sum() / (stepSequences ?? perToken.shape[0])).MoveToOuterDisposeScope();
    }
}
