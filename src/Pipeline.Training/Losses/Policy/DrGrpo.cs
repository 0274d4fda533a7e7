namespace Pipeline.Training.Losses.Policy;

/// <summary>
/// GRPO done right: sums over tokens are divided by a constant, never by the completion's own length, so that the gradient is
/// that of the expected reward. Meant for advantages that are not divided by a deviation, <see cref="Advantages.Centered"/>.
/// </summary>
/// <remarks>Dr. GRPO (arXiv:2503.20783), section 3.2 and listing 1, where the constant is the longest completion allowed.</remarks>
public static class DrGrpo
{
    /// <param name="batch">The completions.</param>
    /// <param name="terms">Trust region, divergence, entropy.</param>
    /// <param name="length">The constant, in tokens.</param>
    /// <returns>A micro-batch's share of the step's loss.</returns>
    public static PolicyLoss Of(PolicyBatch batch, PolicyTerms terms, long length) => ClippedSurrogate.Of(
        batch, terms, PolicyRatios.OfTokens, (perToken, mask) => ConstantMean.Of(perToken, mask, batch.Step.Sequences * length));
}
