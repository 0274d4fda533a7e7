namespace Pipeline.Training.Losses.Policy;

/// <summary>Group relative policy optimization: each completion counts the same, its tokens are averaged first.</summary>
/// <remarks>
/// DeepSeekMath (arXiv:2402.03300), equation 3; DeepSeek-R1 (arXiv:2501.12948), equation 1. The ratio is taken per token, as
/// in the former and in the released trainers; the latter writes it per completion, which is <see cref="Gspo"/>'s idea.
/// </remarks>
public static class Grpo
{
    /// <returns>A micro-batch's share of the step's loss.</returns>
    public static PolicyLoss Of(PolicyBatch batch, PolicyTerms terms) => ClippedSurrogate.Of(
        batch, terms, PolicyRatios.OfTokens, (perToken, mask) => SequenceMean.Of(perToken, mask, batch.Step.Sequences));
}
