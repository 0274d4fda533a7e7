using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Scores by a service of your own: it gets a batch of rows as JSON and answers with as many scores.</summary>
public sealed record HttpTerm : RewardTermOptions
{
    /// <summary>Where rows are posted to.</summary>
    [RegularExpression("https?://.+", ErrorMessage = "must begin with http:// or https://, such as http://localhost:9000/score.")]
    public required string Url { get; init; }

    /// <summary>Rows a request. Default 64.</summary>
    [Range(1, 65_536)] public int BatchSize { get; init; } = 64;

    /// <summary>Requests under way at once. Default 4.</summary>
    [Range(1, 4096)] public int Concurrency { get; init; } = 4;

    /// <summary>Tries after the first, when the service fails or is not to be reached; each waits twice as long as the one before. Default 5.</summary>
    [Range(0, 100)] public int Retries { get; init; } = 5;

    /// <summary>Seconds a request may take; rows that take longer have no score, and are counted. Default 60.</summary>
    [Range(1, 86_400)] public int TimeoutSeconds { get; init; } = 60;
}
