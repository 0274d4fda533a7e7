namespace Pipeline.Rewards;

/// <summary>A completion and what it is judged by.</summary>
public sealed record RewardInput
{
    /// <summary>What was asked, as the model read it.</summary>
    public required string Prompt { get; init; }

    /// <summary>What was asked, for another reader: without the markup of the model's template. Default the prompt.</summary>
    public string Request { get => field ?? Prompt; init; }

    /// <summary>What the policy sampled, without control tokens.</summary>
    public required string Completion { get; init; }

    /// <summary>What the template had already written of the completion, e.g. <c>&lt;think&gt;\n</c>.</summary>
    public string Prefill { get; init; } = "";

    /// <summary>The right answer; null or empty for prompts that have none.</summary>
    public string? GroundTruth { get; init; }

    /// <summary>The language the completion should be in; null if nobody knows.</summary>
    public string? Language { get; init; }

    /// <summary>The kind of task, which decides which terms of a sum apply.</summary>
    public string? Ability { get; init; }

    /// <summary>Tokens sampled, for rewards on length.</summary>
    public int Length { get; init; }

    /// <summary>Scores that need weights, by reward name: a stage runs its reward models and hands them in here.</summary>
    public IReadOnlyDictionary<string, double> Scores { get; init; } = new Dictionary<string, double>();

    /// <summary>The whole of what the assistant says: prefill and completion. Rewards look at this.</summary>
    public string Text => Prefill + Completion;
}
