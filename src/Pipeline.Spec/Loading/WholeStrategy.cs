using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>A <c>strategy</c> of the whole file: every stage gets it, so that the graph is there once for each combination of values.</summary>
internal sealed class WholeStrategy(Problems problems)
{
    private const string Key = "strategy", Include = "include";

    /// <summary>The names of the values that every stage has; none without such a strategy.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>The file with the strategy in every stage.</summary>
    public MapNode Spread(MapNode root)
    {
        if (root.Find(Key) is not { Value: MapNode strategy } entry || root.Find("stages")?.Value is not MapNode stages) return root;
        Names = NamesOf(strategy);
        if (Names.Count == 0) return root; // what is wrong with it is told where the file is read
        foreach (var stage in stages.Entries)
            if ((stage.Value as MapNode)?.Find(Key) is { } own)
                problems.Add(SpecErrors.NotSupported, own.At, $"'{stage.Key}' has a matrix of its own under one for all stages; write all values into one of them.");
        var spread = new MapNode(stages.At, [.. stages.Entries.Select(stage => With(stage, entry))]);
        return new MapNode(root.At, [.. root.Entries.Select(other => other.Key == "stages" ? other with { Value = spread } : other)]);
    }

    private static Entry With(Entry stage, Entry strategy) => stage.Value is MapNode map && map.Find(Key) is null
        ? stage with { Value = new MapNode(map.At, [.. map.Entries, strategy]) }
        : stage;

    private static List<string> NamesOf(MapNode strategy)
    {
        if (strategy.Find("matrix")?.Value is not MapNode matrix) return [];
        List<string> names = [.. matrix.Entries.Select(entry => entry.Key).Where(name => name != Include)];
        return names.Count > 0 || matrix.Find(Include)?.Value is not ListNode { Items: [MapNode first, ..] } ? names : [.. first.Entries.Select(entry => entry.Key)];
    }
}
