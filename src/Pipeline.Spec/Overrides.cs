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

    private const string ProfileOption = "--profile ", ParamOption = "-p ", SetOption = "--set ";

    /// <summary>As they are recorded with a run.</summary>
    internal IReadOnlyList<string> Recorded =>
    [
        .. Profile is null ? Array.Empty<string>() : [ProfileOption + Profile],
        .. Params.Select(param => ParamOption + param),
        .. Sets.Select(set => SetOption + set),
    ];

    /// <summary>What was recorded with a run.</summary>
    internal static Overrides Read(IReadOnlyList<string> recorded)
    {
        return new Overrides { Profile = Of(ProfileOption).LastOrDefault(), Params = [.. Of(ParamOption)], Sets = [.. Of(SetOption)] };

        IEnumerable<string> Of(string option) =>
            recorded.Where(line => line.StartsWith(option, StringComparison.Ordinal)).Select(line => line[option.Length..]);
    }
}
