namespace Pipeline.Protocol.Artifacts;

/// <summary><c>funnel.json</c> in the output <c>funnel</c> of a rejection sampling: what became of every completion.</summary>
public sealed record FunnelReport
{
    /// <summary>Name of the file inside the output folder.</summary>
    public const string FileName = "funnel.json";

    /// <summary>Prompts that were asked.</summary>
    public required int Prompts { get; init; }

    /// <summary>Completions that were sampled.</summary>
    public required int Sampled { get; init; }

    /// <summary>The filters in the order in which they were asked; each sees what those before it left.</summary>
    public required IReadOnlyList<FunnelStep> Steps { get; init; }

    /// <summary>Completions that passed all of them.</summary>
    public required int Kept { get; init; }

    /// <summary>Prompts of which at least one completion was kept.</summary>
    public required int PromptsKept { get; init; }

    /// <summary>Rows from elsewhere that were mixed in.</summary>
    public int General { get; init; }

    /// <summary>Those of them that lost their chain of thought because their request is trivial.</summary>
    public int Trivial { get; init; }
}

/// <summary>A filter and what it dropped.</summary>
/// <param name="Reason">Its name; also the end of the metric <c>dropped/…</c>.</param>
/// <param name="Rule">What it drops, for a person.</param>
/// <param name="Dropped">Completions it dropped.</param>
/// <param name="Left">Completions left after it.</param>
/// <param name="Examples">Some that it dropped; written by a model, so show them as plain text.</param>
public sealed record FunnelStep(string Reason, string Rule, int Dropped, int Left, IReadOnlyList<FunnelExample> Examples);

/// <summary>A completion that was dropped.</summary>
/// <param name="Prompt">The request.</param>
/// <param name="Completion">What the model wrote; cut if it is long.</param>
public sealed record FunnelExample(string Prompt, string Completion);
