using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>A value for a parameter: as text from the command line, or as a node from a profile.</summary>
internal readonly record struct GivenParam(Position At, string? Text, Node? Node);

/// <summary>Applies a profile, then <c>-p</c> and <c>--set</c>, to the file's tree.</summary>
internal sealed class Overriding(Overrides overrides, Problems problems)
{
    private readonly Dictionary<string, GivenParam> _params = [];

    /// <summary>The changed tree and the parameters' given values.</summary>
    public (MapNode Root, IReadOnlyDictionary<string, GivenParam> Params) Apply(MapNode root)
    {
        var changed = root;
        if (overrides.Profile is { } name && Profile(root, name) is { } profile)
        {
            foreach (var param in Entries(profile, "params")) _params[param.Key] = new GivenParam(param.At, null, param.Value);
            changed = WithStages(changed, Entries(profile, "stages"));
            foreach (var set in Entries(profile, "set")) changed = TreeEdit.Set(changed, set.Key, set.Value, set.At, problems);
        }
        foreach (var param in overrides.Params) Param(param);
        foreach (var set in overrides.Sets) changed = Set(changed, set);
        return (changed, _params);
    }

    private MapNode WithStages(MapNode root, IReadOnlyList<Entry> added)
    {
        if (added.Count == 0 || root.Find("stages") is not { Value: MapNode stages } entry) return root;
        foreach (var stage in added)
            if (stages.Find(stage.Key) is not null)
                problems.Add(
                    SpecErrors.Override, stage.At,
                    $"There is a stage '{stage.Key}' already; a profile adds stages. Change it under 'set': stages.{stage.Key}.…");
        var all = entry with { Value = new MapNode(stages.At, [.. stages.Entries, .. added.Where(stage => stages.Find(stage.Key) is null)]) };
        return new MapNode(root.At, [.. root.Entries.Select(other => other == entry ? all : other)]);
    }

    private MapNode? Profile(MapNode root, string name)
    {
        var profiles = root.Find("profiles")?.Value as MapNode;
        if (profiles?.Find(name) is { } found) return found.Value as MapNode;
        problems.Add(SpecErrors.Override, Source.CommandLine($"--profile {name}").Start,
            $"There is no profile '{name}'; {DidYouMean.Or("the profiles", name, profiles?.Entries.Select(entry => entry.Key) ?? [])}");
        return null;
    }

    private static IReadOnlyList<Entry> Entries(MapNode profile, string key) => (profile.Find(key)?.Value as MapNode)?.Entries ?? [];

    private void Param(string option)
    {
        var at = Source.CommandLine($"-p {option}").Start;
        if (Halves(option) is var (name, value)) _params[name] = new GivenParam(at, value, null);
        else problems.Add(SpecErrors.Override, at, "A parameter is given as name=value.");
    }

    private MapNode Set(MapNode root, string option)
    {
        var source = Source.CommandLine($"--set {option}");
        if (Halves(option) is not var (path, text))
        {
            problems.Add(
                SpecErrors.Override, source.Start,
                "A value is set as place=value, such as stages.rl.with.steps=5.");
            return root;
        }
        var value = text.Length == 0 ? new ScalarNode(source.Start, null, "") : YamlReader.Read(text, source, problems);
        return value is null ? root : TreeEdit.Set(root, path, value, source.Start, problems);
    }

    /// <summary>The name and the value of <c>name=value</c>; null if it is none.</summary>
    public static (string Name, string Value)? Halves(string option) =>
        option.IndexOf('=') is var equals and > 0 ? (option[..equals].Trim(), option[(equals + 1)..].Trim()) : null;
}
