using System.Globalization;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>Changes a value deep in the tree. The old tree stays as it was, so that aliases of a changed part keep their value.</summary>
internal static class TreeEdit
{
    private static readonly string[] Roots = ["stages", "defaults", "claims", "notify", "name", "description"];

    /// <summary>The tree with <paramref name="value"/> at <paramref name="path"/>, names and list indices joined by points.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="path">The place. Mappings on the way are made where they are missing, stages are not.</param>
    /// <param name="value">The new value.</param>
    /// <param name="at">Where the change is asked for.</param>
    /// <param name="problems">Gets what is wrong with the place.</param>
    public static MapNode Set(MapNode root, string path, Node value, Position at, Problems problems)
    {
        var names = path.Split('.');
        var problem = names switch
        {
            ["params", ..] => "A parameter is set with '-p name=value', or under 'params' of a profile.",
            [var first, ..] when !Roots.Contains(first) =>
                $"There is no '{first}' to set; {DidYouMean.Or("a place begins with", first, Roots)}",
            ["stages", var id, ..] when root.Find("stages")?.Value is MapNode stages && stages.Find(id) is null =>
                $"There is no stage '{id}' to set; {DidYouMean.Or("the stages", id, stages.Entries.Select(entry => entry.Key))}",
            _ => null,
        };
        if (problem is null && Changed(root, names, value, at) is MapNode changed) return changed;
        problems.Add(
            SpecErrors.Override, at, problem ??
            $"'{path}' leads nowhere: on the way to it stands a value, or a list without such an index.");
        return root;
    }

    private static Node? Changed(Node? node, ReadOnlySpan<string> names, Node value, Position at)
    {
        if (names.IsEmpty) return value;
        switch (node)
        {
            case ListNode list:
                if (!int.TryParse(names[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return null;
                if (index >= list.Items.Count) return null;
                return Changed(list.Items[index], names[1..], value, at) is { } item
                    ? new ListNode(list.At, [.. list.Items.Take(index), item, .. list.Items.Skip(index + 1)])
                    : null;
            case MapNode or null or ScalarNode { Value: null }:
                var map = node as MapNode ?? new MapNode(at, []);
                var key = names[0];
                if (Changed(map.Find(key)?.Value, names[1..], value, at) is not { } child) return null;
                // A new key, and the key of a replaced value, are where the change is: that is what a message should point at.
                var entry = map.Find(key) is { } old && names.Length > 1 ? old with { Value = child } : new Entry(key, at, child);
                return new MapNode(map.At, map.Find(key) is null
                    ? [.. map.Entries, entry]
                    : [.. map.Entries.Select(existing => existing.Key == key ? entry : existing)]);
            default:
                return null;
        }
    }
}
