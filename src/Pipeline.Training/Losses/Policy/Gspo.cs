namespace Pipeline.Training.Losses.Policy;

/// <summary>Group sequence policy optimization: what is rewarded is a completion, so what is clipped is a completion's ratio.</summary>
/// <remarks>
/// GSPO (arXiv:2507.18071), equations 5 and 7: the ratio is the geometric mean over the tokens. It moves far less than a
/// token's, so its bounds are small: 3e-4 and 4e-4 in the paper.
/// </remarks>
public static class Gspo
{
    /// <returns>A micro-batch's share of the step's loss.</returns>
    public static PolicyLoss Of(PolicyBatch batch, PolicyTerms terms) => ClippedSurrogate.Of(
        batch, terms, PolicyRatios.OfSequences, (perToken, mask) => SequenceMean.Of(perToken, mask, batch.Step.Sequences));
}
