namespace Pipeline.Spec;

/// <summary>What the command line changes in a pipeline file; later ones win: the profile, then <c>-p</c> and <c>--set</c>.</summary>
public sealed record Overrides
{
    /// <summary>Nothing.</summary>
    public static Overrides None { get; } = new();

    /// <summary>Name of a profile in the file; null for none.</summary>
    public string? Profile { get; init; }

    /// <summary>Values of parameters, each <c>name=value</c>. A path is relative to the working directory.</summary>
    public IReadOnlyList<string> Params { get; init; } = [];

    /// <summary>Values by place, each <c>stages.x.with.y=value</c>, the value as YAML.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>As they are recorded with a run.</summary>
    internal IReadOnlyList<string> Recorded =>
    [
        .. Profile is null ? Array.Empty<string>() : [$"--profile {Profile}"],
        .. Params.Select(param => $"-p {param}"),
        .. Sets.Select(set => $"--set {set}"),
    ];
}
