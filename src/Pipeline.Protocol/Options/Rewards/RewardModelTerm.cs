namespace Pipeline.Protocol.Options;

/// <summary>The score of a trained reward model, through a sigmoid, so between 0 and 1.</summary>
public sealed record RewardModelTerm : RewardTermOptions
{
    /// <summary>The reward model.</summary>
    [ArtifactReference(Artifacts.ArtifactKind.Model)] public required string Model { get; init; }

    /// <summary>Which part it scores: helpfulness the final answer, safety the whole response. Default the whole response.</summary>
    public ScoredPart Scores { get; init; } = ScoredPart.Response;
}

/// <summary>Which part of a completion a reward model scores.</summary>
public enum ScoredPart
{
    /// <summary>All of it, chain of thought included (safety in the paper).</summary>
    Response,

    /// <summary>What follows the chain of thought (helpfulness in the paper).</summary>
    Summary,
}
