using System.Text.Json.Nodes;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Written;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>A stage before the graph is checked.</summary>
/// <param name="Stage">The stage; its needs are not filled in.</param>
/// <param name="At">Where its id is.</param>
/// <param name="Needs">The stages under <c>needs</c>, with their places.</param>
internal sealed record StageDraft(ResolvedStage Stage, Position At, IReadOnlyList<(string Id, Position At)> Needs);

/// <summary>Reads one stage: its inputs against the ports of its kind, its settings against the record of its kind.</summary>
internal sealed class StageReader(
    ArtifactReader artifacts, ConditionReader conditions, DefaultsSpec defaults, long seed, Problems problems)
{
    private static readonly string[] OfCommands = ["outputs", "run", "code"];

    /// <summary>The stage, as far as it could be read.</summary>
    /// <param name="instance">The stage.</param>
    /// <param name="map">The value of its entry.</param>
    /// <param name="spec">The same as a record.</param>
    public StageDraft Read(StageInstance instance, MapNode map, StageSpec spec)
    {
        var entry = instance.Entry;
        var executor = spec.Executor ?? defaults.Executor ?? ExecutorName.Local;
        var stage = new ResolvedStage
        {
            Id = instance.Id,
            Instance = instance.Name,
            Uses = spec.Uses ?? "",
            Seed = spec.Seed ?? instance.Values?.GetValueOrDefault("seed")?.Value as long? ?? seed,
            Matrix = instance.Member(spec.Strategy),
            Resources = Settings.Resources(spec.Resources, defaults.Resources),
            Executor = executor,
            Priority = spec.Priority ?? 0,
            Slurm = executor == ExecutorName.Slurm ? Settings.Slurm(spec.Slurm, defaults.Slurm) : null,
            Retry = Settings.Retry(spec.Retry, defaults.Retry),
            Checkpoints = Settings.Checkpoints(spec.Checkpoints, defaults.Checkpoints),
            StopWhen = new StopWhenReader(problems).Read(entry.Key, map, spec),
            If = conditions.Read(map, spec),
            Approval = Settings.Approval(spec.Approval),
            Gates = Settings.Gates(spec.Gates),
        };
        if (spec.Uses == StageKinds.Command) stage = Command(stage, entry, map, spec);
        else if (spec.Uses is { } uses) stage = OfKind(StageKinds.Find(uses)!, stage, entry, map);
        if (stage.Resources.Nodes > 1 && (stage.Executor != ExecutorName.Slurm || stage.Uses != StageKinds.Command))
            problems.Add(
                SpecErrors.WrongValue, (map.Find("resources") ?? entry).At,
                $"'{entry.Key}' asks for {stage.Resources.Nodes} nodes; more than one is for a stage that uses 'command' with 'executor: slurm'.");
        return new StageDraft(stage, entry.At, NeedsOf(map));
    }

    private ResolvedStage OfKind(StageKind kind, ResolvedStage stage, Entry entry, MapNode map)
    {
        foreach (var key in OfCommands)
            if (map.Find(key) is { } misplaced)
                problems.Add(
                    SpecErrors.UnknownKey, misplaced.At,
                    $"'{key}' is for stages that use 'command'; '{entry.Key}' uses '{kind.Name}'.");

        var inputs = new Dictionary<string, StageInput>();
        foreach (var given in Section(map, "inputs").Entries)
        {
            if (kind.Inputs.FirstOrDefault(port => port.Name == given.Key) is { } port) Input(port, given, inputs);
            else
                problems.Add(
                    SpecErrors.UnknownInput, given.At,
                    $"{kind.Name} has no input '{given.Key}'; {DidYouMean.Or("its inputs", given.Key, kind.Inputs.Select(known => known.Name))}");
        }
        foreach (var port in kind.Inputs)
            if (port.Required && Section(map, "inputs").Find(port.Name) is null)
                problems.Add(
                    SpecErrors.MissingInput, map.Find("inputs")?.At ?? entry.At,
                    $"'{entry.Key}' lacks the input '{port.Name}', {ArtifactReader.Wanted(port.Kinds)}.");

        // An artifact among the settings becomes an input named by its place, and that name stands in the settings.
        var reader = new ShapeReader(problems, (node, path, expected) =>
        {
            if (artifacts.Read(node, path, [expected]) is { } artifact) inputs[path] = artifact;
            return path;
        });
        var options = reader.Record(Section(map, "with"), ShapeOf.Record(kind.Options), kind.Name, map.Find("with")?.At ?? entry.At);
        return stage with
        {
            KindVersion = kind.Version,
            Inputs = inputs,
            Outputs = kind.Outputs.ToDictionary(output => output.Name, output => output.Kind),
            Options = problems.Any ? [] : CompleteOptions.Of(options!, kind.Options),
        };
    }

    private void Input(InputPort port, Entry given, Dictionary<string, StageInput> inputs)
    {
        var list = given.Value as ListNode ?? (port.TakesList && artifacts.IsOfSeveral(given.Value) ? new ListNode(given.Value.At, [given.Value]) : null);
        if (list is null)
        {
            if (artifacts.Read(given.Value, port.Name, port.Kinds) is { } single) inputs[port.Name] = single with { Optional = !port.Required };
            return;
        }
        if (!port.TakesList) problems.Add(SpecErrors.WrongType, list.At, $"'{port.Name}' takes one artifact; found a list.");
        else if (list.Items.Count == 0)
            problems.Add(
                SpecErrors.WrongValue, list.At,
                $"'{port.Name}' needs at least one artifact; found an empty list.");
        else
        {
            var items = list.Items.SelectMany(artifacts.EachInstance).ToList();
            for (var i = 0; i < items.Count; i++)
                if (artifacts.Read(items[i], $"{port.Name}.{i}", port.Kinds) is { } item)
                    inputs[$"{port.Name}.{i}"] = item with { Optional = !port.Required };
        }
    }

    private ResolvedStage Command(ResolvedStage stage, Entry entry, MapNode map, StageSpec spec)
    {
        if (map.Find("run") is null)
            problems.Add(
                SpecErrors.MissingKey, entry.At,
                $"'{entry.Key}' lacks 'run', the program and its arguments: [python, train.py, --job, \"${{{{ job.file }}}}\"].");
        var inputs = new Dictionary<string, StageInput>();
        foreach (var given in Section(map, "inputs").Entries)
        {
            if (!new IdAttribute().Holds(given.Key))
                problems.Add(
                    SpecErrors.WrongValue, given.At,
                    $"'{given.Key}' is not {new IdAttribute().Expected}.");
            Input(new InputPort(given.Key, [], TakesList: true), given, inputs);
        }
        var with = Section(map, "with");
        RefuseReferences(with);
        return stage with
        {
            Inputs = inputs,
            Outputs = spec.Outputs ?? new Dictionary<string, string>(),
            Options = (JsonObject)FreeJson.Of(with)!,
            Command = spec.Run is { Count: > 0 } run ? [Program(run[0], entry.At.Source), .. run.Skip(1)] : null,
            Code = Code(map),
        };
    }

    /// <summary>A program with a slash in its name is relative to the file; one without is looked up in PATH.</summary>
    private static string Program(string name, Source source) => name.Contains('/') ? Path.GetFullPath(name, source.Folder) : name;

    private List<string>? Code(MapNode map) =>
        (map.Find("code")?.Value as ListNode)?.Items
            .Select(item => artifacts.Read(item, "code", [])?.Path)
            .OfType<string>()
            .ToList();

    private void RefuseReferences(Node node)
    {
        if (node is OutputNode output)
            problems.Add(
                SpecErrors.MisplacedReference, node.At,
                $"An output of stage '{output.Stage}' cannot stand under 'with' of a command; put it under 'inputs', from where the job file names its path.");
        else if (node is LateTextNode late)
            problems.Add(SpecErrors.MisplacedReference, node.At, Expected.Later(late));
        else if (node is ListNode list)
            foreach (var item in list.Items) RefuseReferences(item);
        else if (node is MapNode map)
            foreach (var child in map.Entries) RefuseReferences(child.Value);
    }

    private MapNode Section(MapNode map, string key)
    {
        var entry = map.Find(key);
        if (entry?.Value is MapNode section) return section;
        if (entry is not null and { Value: not (BrokenNode or ScalarNode { Value: null }) })
            problems.Add(
                SpecErrors.WrongType, entry.Value.At,
                $"'{key}' must be a mapping; found {Expected.Found(entry.Value)}.");
        return new MapNode(entry?.At ?? map.At, []);
    }

    private static List<(string, Position)> NeedsOf(MapNode map)
    {
        var needs = (map.Find("needs")?.Value as ListNode)?.Items
            .OfType<ScalarNode>()
            .Where(item => item.Value is string)
            .Select(item => (item.Text, item.At))
            .ToList() ?? [];
        if (ConditionReader.Need(map) is { } need) needs.Add(need);
        return needs;
    }
}
