namespace Pipeline.Spec.Estimates;

/// <summary>What a stage does with its model, before it is turned into time, money and memory.</summary>
internal sealed record Workload
{
    public Amount? Steps { get; init; }

    /// <summary>Tokens of all forward and backward passes.</summary>
    public Amount? Trained { get; init; }

    /// <summary>Tokens that are sampled.</summary>
    public Amount? Sampled { get; init; }

    /// <summary>Tokens that are only read: by a reference, or a teacher of the same size.</summary>
    public Amount? Read { get; init; }

    /// <summary>Tokens of a row.</summary>
    public double Seq { get; init; }

    /// <summary>Memory of training; null for a stage that does not.</summary>
    public TrainingMemory? Memory { get; init; }

    /// <summary>Rows sampled at once, and tokens of each.</summary>
    public (long Rows, long Tokens) Sampling { get; init; }

    public bool Checkpointing { get; init; }

    public static Amount None { get; } = new(0);
}
