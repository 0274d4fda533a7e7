using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Expressions;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Written;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>
/// From the tree of a file to a pipeline: overrides, parameters, expressions, then each stage, then the graph. Every
/// part goes on past errors; whether there were any is asked once, at the end.
/// </summary>
internal sealed class Resolver(Source file, Overrides overrides, bool checkPaths, Problems problems)
{
    /// <summary>The pipeline. Complete only if no problem was added.</summary>
    public ResolvedPipeline? Resolve(Node tree)
    {
        if (tree is not MapNode written)
        {
            if (tree is not BrokenNode)
                problems.Add(
                    SpecErrors.WrongType, tree.At,
                    $"A pipeline file is a mapping with apiVersion, kind, name and stages; found {Expected.Found(tree)}.");
            return null;
        }
        var (root, given) = new Overriding(overrides, problems).Apply(written);
        var beforeParams = new Substitution(new Scope(null, Environment.GetEnvironmentVariable), problems);
        root = With(root, "params", beforeParams.In);
        var values = new Parameters(problems).Read(root.Find("params"), given);
        root = With(root, "params", declared => new BrokenNode(declared.At)); // read already, and its errors told
        var strategy = new WholeStrategy(problems);
        root = strategy.Spread(root);
        var scope = new Scope(values, Environment.GetEnvironmentVariable) { Shared = strategy.Names };
        root = Substituted(root, new Substitution(scope, problems));
        if (root.Find("stages") is null)
            problems.Add(SpecErrors.MissingKey, file.Start, "The file lacks 'stages'; it must be a mapping.");
        var instances = ((root.Find("stages")?.Value as MapNode)?.Entries ?? []).ToDictionary(
            entry => entry.Key, new MatrixExpansion(scope, problems).Of);

        // Of a stage with a matrix the frame sees the first instance; every instance is read below.
        root = With(root, "stages", stages => stages is MapNode map ? new MapNode(map.At, [.. map.Entries.Select(entry =>
            instances[entry.Key] is [var first, ..] ? first.Entry : entry with { Value = new BrokenNode(entry.At) })]) : stages);
        var frame = new ShapeReader(problems).Record(root, ShapeOf.Record(typeof(PipelineSpec)), "The file", file.Start);
        var spec = frame.Deserialize<PipelineSpec>(ProtocolJson.Line)!;
        CheckSecrets(root);
        var stages = Stages(instances, spec, values);
        return new ResolvedPipeline
        {
            Name = spec.Name,
            Description = spec.Description,
            File = Path.GetFullPath(file.Name),
            Params = new JsonObject(values.Select(value => KeyValuePair.Create(value.Key, JsonOf(value.Value)))),
            Overrides = overrides.Recorded,
            Notify = [.. (spec.Notify ?? []).Select(notify => new Notification([.. notify.On.Select(Word)], notify.Webhook, notify.Secret))],
            Claims = new ClaimReader(instances, problems).Read(root, spec.Claims),
            Stages = new StageGraph(stages, problems).Sorted(),
        };
    }

    /// <summary>A key that stands in the file would stand in the journal too.</summary>
    private void CheckSecrets(MapNode root)
    {
        foreach (var target in (root.Find("notify")?.Value as ListNode)?.Items.OfType<MapNode>() ?? [])
            if (target.Find("secret")?.Value is ScalarNode { Value: string } or LateTextNode { IsWhole: false })
                problems.Add(
                    SpecErrors.WrongValue, target.Find("secret")!.Value.At,
                    "A secret does not stand in the file. Write ${{ secrets.NAME }}, and set the environment variable NAME where the engine runs.");
    }

    private List<StageDraft> Stages(
        Dictionary<string, IReadOnlyList<StageInstance>> instances, PipelineSpec spec, IReadOnlyDictionary<string, Node> values)
    {
        var outputs = instances.Keys.ToDictionary(id => id, id => OutputsOf(spec.Stages.GetValueOrDefault(id)));
        var fetches = new Fetches(instances.Keys);
        var artifacts = new ArtifactReader(outputs, instances, fetches, checkPaths, problems);
        var seed = values.GetValueOrDefault("seed") is ScalarNode { Value: long number } ? number : 1;
        var reader = new StageReader(artifacts, new ConditionReader(values, instances, problems), spec.Defaults ?? new(), seed, problems);
        var drafts = new List<StageDraft>();
        foreach (var instance in instances.Values.SelectMany(same => same))
            if (instance.Entry.Value is MapNode map && spec.Stages.ContainsKey(instance.Id) && Read(instance, map) is { } stage)
                drafts.Add(reader.Read(instance, map, stage));
        return [.. fetches.Stages, .. drafts];
    }

    private StageSpec? Read(StageInstance instance, MapNode map) =>
        new ShapeReader(problems).Record(map, ShapeOf.Record(typeof(StageSpec)), $"'{instance.Id}'", instance.Entry.At, $"stages.{instance.Id}")
            .Deserialize<StageSpec>(ProtocolJson.Line);

    /// <summary>Kinds of a stage's outputs by name; null where they cannot be told because of an error already reported.</summary>
    private static IReadOnlyDictionary<string, string>? OutputsOf(StageSpec? stage) => stage?.Uses switch
    {
        null => null,
        StageKinds.Command => stage.Outputs ?? new Dictionary<string, string>(),
        var kind => StageKinds.Find(kind)!.Outputs.ToDictionary(output => output.Name, output => output.Kind),
    };

    // What a profile holds is checked where it is used; what begins with x- is the user's own; stages may have a matrix.
    private static MapNode Substituted(MapNode root, Substitution substitution) =>
        new(root.At, [.. root.Entries.Select(entry =>
            entry.Key is "params" or "profiles" or "stages" || entry.Key.StartsWith("x-", StringComparison.Ordinal)
                ? entry
                : entry with { Value = substitution.In(entry.Value) })]);

    private static MapNode With(MapNode map, string key, Func<Node, Node> change) =>
        new(map.At, [.. map.Entries.Select(entry => entry.Key == key ? entry with { Value = change(entry.Value) } : entry)]);

    private static string Word(NotifyOn on) => JsonNamingPolicy.SnakeCaseLower.ConvertName(on.ToString());

    private static JsonNode? JsonOf(Node value) => value is ScalarNode scalar ? FreeJson.Of(scalar) : null;
}
