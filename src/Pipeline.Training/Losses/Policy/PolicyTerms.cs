namespace Pipeline.Training.Losses.Policy;

/// <summary>What is common to all policy losses: how far an update may go, and what is added to the surrogate.</summary>
/// <param name="Clip">Trust region.</param>
public sealed record PolicyTerms(ClipRange Clip)
{
    /// <summary>Cost of leaving the reference; null for none.</summary>
    public KlPenalty? Kl { get; init; }

    /// <summary>What a nat of entropy is worth; 0 for nothing.</summary>
    public double EntropyBonus { get; init; }

    /// <summary>Corrects for a sampler that is not quite the trainer's policy; null takes the sampler's word.</summary>
    public ImportanceCorrection? Importance { get; init; }
}
