using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Scores by a program of your own, which stays: it reads a row of JSON a line and answers with a score a line.</summary>
public sealed record CommandTerm : RewardTermOptions
{
    /// <summary>The program and its arguments. It runs with the rights of the stage, in the stage's folder.</summary>
    [MinLength(1)] public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Seconds a row may take; one that takes longer has no score and is counted, and the program is started anew. Default 60.</summary>
    [Range(1, 86_400)] public int TimeoutSeconds { get; init; } = 60;
}
