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
        root = Substituted(root, new Substitution(new Scope(values, Environment.GetEnvironmentVariable), problems));

        var frame = new ShapeReader(problems).Record(root, ShapeOf.Record(typeof(PipelineSpec)), "The file", file.Start);
        var spec = frame.Deserialize<PipelineSpec>(ProtocolJson.Line)!;
        var stages = Stages(root, spec, values);
        return new ResolvedPipeline
        {
            Name = spec.Name,
            Description = spec.Description,
            File = Path.GetFullPath(file.Name),
            Params = new JsonObject(values.Select(value => KeyValuePair.Create(value.Key, JsonOf(value.Value)))),
            Overrides = overrides.Recorded,
            Notify = [.. (spec.Notify ?? []).Select(notify => new Notification([.. notify.On.Select(Word)], notify.Webhook))],
            Stages = new StageGraph(stages, problems).Sorted(),
        };
    }

    private List<StageDraft> Stages(MapNode root, PipelineSpec spec, IReadOnlyDictionary<string, Node> values)
    {
        var written = (root.Find("stages")?.Value as MapNode)?.Entries ?? [];
        var outputs = written.ToDictionary(entry => entry.Key, entry => OutputsOf(spec.Stages.GetValueOrDefault(entry.Key)));
        var artifacts = new ArtifactReader(outputs, checkPaths, problems);
        var seed = values.GetValueOrDefault("seed") is ScalarNode { Value: long number } ? number : 1;
        var reader = new StageReader(artifacts, new ConditionReader(values, problems), spec.Defaults ?? new(), seed, problems);
        var drafts = new List<StageDraft>();
        foreach (var entry in written)
            if (entry.Value is MapNode map && spec.Stages.TryGetValue(entry.Key, out var stage))
                drafts.Add(reader.Read(entry, map, stage));
        return drafts;
    }

    /// <summary>Kinds of a stage's outputs by name; null where they cannot be told because of an error already reported.</summary>
    private static IReadOnlyDictionary<string, string>? OutputsOf(StageSpec? stage) => stage?.Uses switch
    {
        null => null,
        StageKinds.Command => stage.Outputs ?? new Dictionary<string, string>(),
        var kind => StageKinds.Find(kind)!.Outputs.ToDictionary(output => output.Name, output => output.Kind),
    };

    // What a profile holds is checked where it is used; what begins with x- is the user's own.
    private static MapNode Substituted(MapNode root, Substitution substitution) =>
        new(root.At, [.. root.Entries.Select(entry =>
            entry.Key is "params" or "profiles" || entry.Key.StartsWith("x-", StringComparison.Ordinal)
                ? entry
                : entry with { Value = substitution.In(entry.Value) })]);

    private static MapNode With(MapNode map, string key, Func<Node, Node> change) =>
        new(map.At, [.. map.Entries.Select(entry => entry.Key == key ? entry with { Value = change(entry.Value) } : entry)]);

    private static string Word(NotifyOn on) => JsonNamingPolicy.SnakeCaseLower.ConvertName(on.ToString());

    private static JsonNode? JsonOf(Node value) => value is ScalarNode scalar ? FreeJson.Of(scalar) : null;
}
