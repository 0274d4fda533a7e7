namespace Pipeline.Spec.Estimates;

/// <summary>What a stage will take. A number that is null is not known before an earlier stage ran; the notes say why.</summary>
/// <param name="Stage">Its instance.</param>
/// <param name="Uses">Its kind.</param>
public sealed record StageEstimate(string Stage, string Uses)
{
    /// <summary>Weights of the model that it trains or samples from.</summary>
    public long? Parameters { get; init; }

    /// <summary>Weights that learn, if they are an adapter's.</summary>
    public long? AdapterParameters { get; init; }

    /// <summary>Optimizer steps.</summary>
    public Amount? Steps { get; init; }

    /// <summary>Tokens learnt from, each pass counted.</summary>
    public Amount? TrainedTokens { get; init; }

    /// <summary>Tokens sampled.</summary>
    public Amount? SampledTokens { get; init; }

    /// <summary>Floating-point operations.</summary>
    public Amount? Flops { get; init; }

    /// <summary>Hours of one device at the peak and the utilisation that are told.</summary>
    public Amount? GpuHours { get; init; }

    /// <summary>Price of these; null without a price an hour.</summary>
    public Amount? Cost { get; init; }

    /// <summary>Memory that a step needs whose rows have the longest length that the stage takes.</summary>
    public MemoryParts? Memory { get; init; }

    /// <summary>Disk of the checkpoints that stay and of the one being written, bytes.</summary>
    public Amount? CheckpointBytes { get; init; }

    /// <summary>Disk of the model that it makes, bytes.</summary>
    public Amount? OutputBytes { get; init; }

    /// <summary>What was assumed, and what is unknown and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
