using System.Text;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>Puts a file that <c>extends</c> another in its place: the tree of the other one with its changes.</summary>
/// <param name="read">The text of a file by its absolute path; null where no file may be opened.</param>
/// <param name="problems">Gets what is wrong.</param>
internal sealed class Extending(Func<string, string>? read, Problems problems)
{
    private const string Extends = "extends", Set = "set", Without = "without";

    private readonly Dictionary<string, string> _texts = [];

    /// <summary>The text of each file that was extended, by absolute path.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>The tree without <c>extends</c>; null, with an error, if the other file cannot be had.</summary>
    public MapNode? Apply(MapNode written)
    {
        if (written.Find(Extends) is not { } extends)
        {
            foreach (var key in new[] { Set, Without })
                if (written.Find(key) is { } alone)
                    problems.Add(SpecErrors.Override, alone.At, $"'{key}' changes the file that 'extends' names, and this file extends none.");
            return Minus(written, Set, Without);
        }
        return Base(extends) is { } root ? Changed(root, written) : null;
    }

    private MapNode? Base(Entry extends)
    {
        var at = extends.Value.At;
        if (extends.Value is not ScalarNode { Value: string { Length: > 0 } name })
        {
            problems.Add(SpecErrors.WrongType, at, "'extends' names a pipeline file, such as ../quickstart.yaml.");
            return null;
        }
        if (read is null)
        {
            problems.Add(SpecErrors.NotSupported, at, "A file that extends another can be run where both lie, and not be sent to a server: send one file.");
            return null;
        }
        var path = Path.GetFullPath(name, at.Source.Folder);
        if (!_texts.TryAdd(path, ""))
        {
            problems.Add(SpecErrors.Cycle, at, $"'{name}' extends itself, through this file.");
            return null;
        }
        try
        {
            _texts[path] = read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            var near = File.Exists(path) ? null : Neighbours.Near(path);
            problems.Add(SpecErrors.File, at, near is null ? $"'{name}' cannot be read: {error.Message}" : $"There is no file '{name}'. Did you mean '{near}'?");
            return null;
        }
        // Named as the user would: as seen from the file that extends it.
        var source = Source.OfFile(path) with { Name = Path.Join(Path.GetDirectoryName(at.Source.Name), name) };
        return YamlReader.Read(_texts[path].TrimStart('\uFEFF'), source, problems) is MapNode root ? Apply(root) : null;
    }

    private MapNode Changed(MapNode root, MapNode written)
    {
        root = LeftOut(root, written);
        foreach (var own in Minus(written, Extends, Set, Without).Entries)
            root = own.Key is "stages" or "params" or "profiles" && own.Value is MapNode added ? WithEntries(root, own, added) : With(root, own);
        foreach (var set in (written.Find(Set)?.Value as MapNode)?.Entries ?? []) root = TreeEdit.Set(root, set.Key, set.Value, set.At, problems);
        return root;
    }

    /// <summary>Without the stages that are left out, and without what profiles set in them.</summary>
    private MapNode LeftOut(MapNode root, MapNode written)
    {
        var names = (written.Find(Without)?.Value as ListNode)?.Items.OfType<ScalarNode>().ToList() ?? [];
        if (names.Count == 0 || root.Find("stages") is not { Value: MapNode stages } entry) return root;
        foreach (var name in names.Where(name => stages.Find(name.Text) is null))
            problems.Add(
                SpecErrors.UnknownStage, name.At,
                $"There is no stage '{name.Text}' to leave out; {DidYouMean.Or("the stages", name.Text, stages.Entries.Select(stage => stage.Key))}");
        var gone = names.Select(name => name.Text).ToHashSet();
        root = With(root, entry with { Value = new MapNode(stages.At, [.. stages.Entries.Where(stage => !gone.Contains(stage.Key))]) });
        return root.Find("profiles") is { Value: MapNode profiles } held
            ? With(root, held with { Value = new MapNode(profiles.At, [.. profiles.Entries.Select(profile => profile with { Value = Kept(profile.Value, gone) })]) })
            : root;
    }

    private static Node Kept(Node profile, HashSet<string> gone) =>
        profile is MapNode map && map.Find(Set) is { Value: MapNode sets } entry
            ? With(map, entry with { Value = new MapNode(sets.At, [.. sets.Entries.Where(set => set.Key.Split('.') is not ["stages", var id, ..] || !gone.Contains(id))]) })
            : profile;

    private MapNode WithEntries(MapNode root, Entry own, MapNode added)
    {
        if (root.Find(own.Key) is not { Value: MapNode there } entry) return With(root, own);
        if (own.Key == "profiles") return With(root, entry with { Value = Joined(there, added, depth: 2) }); // each with what it sets
        if (own.Key == "params") return With(root, entry with { Value = Joined(there, added, depth: 0) });
        foreach (var stage in added.Entries.Where(stage => there.Find(stage.Key) is not null))
            problems.Add(
                SpecErrors.Override, stage.At,
                $"There is a stage '{stage.Key}' already in the file that is extended; change it under 'set': stages.{stage.Key}.…");
        return With(root, entry with { Value = new MapNode(there.At, [.. there.Entries, .. added.Entries.Where(stage => there.Find(stage.Key) is null)]) });
    }

    /// <summary>Two mappings as one, down to so many levels below; of two values for a key the second.</summary>
    private static MapNode Joined(MapNode first, MapNode second, int depth) => second.Entries.Aggregate(first, (all, entry) =>
        depth > 0 && entry.Value is MapNode added && all.Find(entry.Key)?.Value is MapNode there ? With(all, entry with { Value = Joined(there, added, depth - 1) }) : With(all, entry));

    private static MapNode With(MapNode map, Entry entry) => map.Find(entry.Key) is null
        ? new MapNode(map.At, [.. map.Entries, entry])
        : new MapNode(map.At, [.. map.Entries.Select(old => old.Key == entry.Key ? entry : old)]);

    private static MapNode Minus(MapNode map, params string[] keys) => new(map.At, [.. map.Entries.Where(entry => !keys.Contains(entry.Key))]);
}
