namespace Pipeline.Training.Losses.Policy;

/// <summary>
/// REINFORCE on whole completions: the gradient is that of a completion's log-probability, times how much better it did than
/// the mean of the others, <see cref="Advantages.LeaveOneOut"/>.
/// </summary>
/// <remarks>
/// RLOO (arXiv:2402.14740), equation 9. Departs from it where several updates are made on one rollout: the completion's
/// ratio is clipped as in PPO, as TRL does. On the first update the ratio is 1 and its gradient that of the paper.
/// </remarks>
public static class Rloo
{
    /// <returns>A micro-batch's share of the step's loss.</returns>
    public static PolicyLoss Of(PolicyBatch batch, PolicyTerms terms) => ClippedSurrogate.Of(
        batch, terms, PolicyRatios.OfCompletions, (perToken, mask) => SequenceMean.Of(perToken, mask, batch.Step.Sequences));
}
