namespace Pipeline.Training.Losses.Policy;

/// <summary>GRPO with every token of the step counting the same, so that a long wrong answer is not discounted for being long.</summary>
/// <remarks>
/// DAPO (arXiv:2503.14476), equation 8. Its other parts are settings of their own: clip-higher, dynamic sampling, the soft
/// over-long punishment.
/// </remarks>
public static class Dapo
{
    /// <returns>A micro-batch's share of the step's loss.</returns>
    public static PolicyLoss Of(PolicyBatch batch, PolicyTerms terms) => ClippedSurrogate.Of(
        batch, terms, PolicyRatios.OfTokens, (perToken, mask) => TokenMean.Of(perToken, mask, batch.Step.Tokens));
}
