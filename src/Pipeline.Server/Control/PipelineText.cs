using Pipeline.Spec;

namespace Pipeline.Server.Control;

/// <summary>A pipeline file with what is overridden in it, as <c>pipeline run</c> takes them.</summary>
internal sealed record PipelineText
{
    /// <summary>The text of the file.</summary>
    public required string Text { get; init; }

    /// <summary>A profile of the file; null for none.</summary>
    public string? Profile { get; init; }

    /// <summary>Values of parameters, each <c>name=value</c>.</summary>
    public IReadOnlyList<string> Params { get; init; } = [];

    /// <summary>Any settings, each <c>stages.x.with.y=value</c>.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];
}

/// <summary>What was found in a pipeline file.</summary>
/// <param name="Name">Name of the pipeline; null if anything is wrong.</param>
/// <param name="Stages">Its stages, each after those it needs.</param>
/// <param name="Errors">What is wrong, in reading order.</param>
internal sealed record Validation(string? Name, IReadOnlyList<ValidStage> Stages, IReadOnlyList<Mistake> Errors)
{
    public static Validation Of(LoadedPipeline loaded) => new(
        loaded.Pipeline?.Name,
        [.. loaded.Pipeline?.Stages.Select(stage => new ValidStage(stage.Instance, stage.Uses, stage.Needs)) ?? []],
        [.. loaded.Errors.Select(error => new Mistake(error.Code, error.Line, error.Column, error.Message))]);
}

/// <summary>A stage of a valid file.</summary>
/// <param name="Instance">Its id with matrix values.</param>
/// <param name="Uses">Its kind.</param>
/// <param name="Needs">The stages it needs.</param>
internal sealed record ValidStage(string Instance, string Uses, IReadOnlyList<string> Needs);

/// <summary>Something wrong in a file.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Line">Line, from 1; 0 if it is about an override.</param>
/// <param name="Column">Column, from 1; 0 where there is none.</param>
/// <param name="Message">What was found, what would be valid, what was probably meant.</param>
internal sealed record Mistake(string Code, int Line, int Column, string Message);

/// <summary>A run that was submitted.</summary>
/// <param name="Run">Its id.</param>
internal sealed record Submitted(string Run);
