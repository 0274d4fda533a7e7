using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Expressions;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>Makes of a stage with a matrix one stage for each combination of its values.</summary>
internal sealed class MatrixExpansion(Scope scope, Problems problems)
{
    /// <summary>More instances than anybody means.</summary>
    private const int MaxInstances = 1000;

    private const string Include = "include";
    private const string Example = "{ seed: [1, 2, 3] }";

    /// <summary>The instances of a stage; the stage itself if it has no matrix. None where an error hides them.</summary>
    public IReadOnlyList<StageInstance> Of(Entry stage)
    {
        if ((stage.Value as MapNode)?.Find("strategy")?.Value is not MapNode strategy || strategy.Find("matrix") is not { } matrix)
            return [new StageInstance(stage.Key, Replaced(stage, scope))];
        if (new Substitution(scope, problems).In(matrix.Value) is not MapNode written)
        {
            problems.Add(SpecErrors.WrongType, matrix.Value.At, $"'matrix' must be a mapping such as {Example}; found {Expected.Found(matrix.Value)}.");
            return [];
        }
        return Named(stage, written, [.. Combinations(written)]);
    }

    private List<StageInstance> Named(Entry stage, MapNode matrix, List<Dictionary<string, ScalarNode>> combinations)
    {
        if (combinations.Count == 0 && matrix.Entries.Count > 0) return []; // why there are none has been told
        if (combinations.Count is 0 or > MaxInstances)
        {
            problems.Add(SpecErrors.WrongValue, matrix.At, $"This matrix makes {combinations.Count} instances; it must make between 1 and {MaxInstances}.");
            return [];
        }
        var instances = new List<StageInstance>();
        foreach (var values in combinations)
        {
            var name = $"{stage.Key}[{string.Join(',', values.Select(value => $"{value.Key}={StagePick.Text(value.Value.Value)}"))}]";
            if (instances.Exists(other => AttemptFolder.NameOf(other.Name) == AttemptFolder.NameOf(name)))
            {
                problems.Add(SpecErrors.WrongValue, values.Values.Last().At, $"'{name}' is there twice, or cannot be told from another instance by its folder.");
                continue;
            }
            var own = scope with { Matrix = values.ToDictionary(value => value.Key, value => (Node)value.Value) };
            instances.Add(new StageInstance(name, Replaced(stage, own), values));
        }
        return instances;
    }

    /// <summary>All combinations, the last name changing fastest, then what is included.</summary>
    private IEnumerable<Dictionary<string, ScalarNode>> Combinations(MapNode matrix)
    {
        IReadOnlyList<Entry> axes = [.. matrix.Entries.Where(entry => entry.Key != Include)];
        List<Dictionary<string, ScalarNode>> combinations = axes.Count == 0 ? [] : [[]];
        foreach (var axis in axes)
        {
            var values = Axis(axis);
            combinations = [.. combinations.SelectMany(_ => values, (some, value) => new Dictionary<string, ScalarNode>(some) { [axis.Key] = value })];
        }
        return combinations.Concat(Included(matrix.Find(Include)?.Value, [.. axes.Select(axis => axis.Key)]));
    }

    private List<ScalarNode> Axis(Entry axis)
    {
        if (!new IdAttribute().Holds(axis.Key)) problems.Add(SpecErrors.WrongValue, axis.At, $"'{axis.Key}' is not {new IdAttribute().Expected}.");
        if (axis.Value is ListNode { Items.Count: > 0 } list) return [.. list.Items.Select(item => Value(axis.Key, item)).OfType<ScalarNode>()];
        if (axis.Value is not BrokenNode)
            problems.Add(SpecErrors.WrongType, axis.Value.At, $"'{axis.Key}' must be a list of values such as {Example}; found {Expected.Found(axis.Value)}.");
        return [];
    }

    private IEnumerable<Dictionary<string, ScalarNode>> Included(Node? include, string[] names)
    {
        if (include is null or BrokenNode) yield break;
        if (include is not ListNode list)
        {
            problems.Add(SpecErrors.WrongType, include.At, $"'include' must be a list of mappings such as [ {{ seed: 7 }} ]; found {Expected.Found(include)}.");
            yield break;
        }
        foreach (var item in list.Items)
        {
            var values = (item as MapNode)?.Entries.ToDictionary(entry => entry.Key, entry => Value(entry.Key, entry.Value)) ?? [];
            if (names.Length == 0) names = [.. values.Keys];
            if (values.Count > 0 && values.Values.All(value => value is not null) && names.Order().SequenceEqual(values.Keys.Order()))
                yield return names.ToDictionary(name => name, name => values[name]!);
            else if (item is not BrokenNode)
                problems.Add(
                    SpecErrors.WrongValue, item.At,
                    $"An instance under 'include' has a value for each of {string.Join(", ", names)}, and nothing else.");
        }
    }

    private ScalarNode? Value(string name, Node node)
    {
        if (node is ScalarNode { Value: long or double or bool } scalar) return scalar;
        if (node is ScalarNode { Value: string { Length: > 0 and <= 100 } text } word
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '/' or ':' or '@')) return word;
        if (node is not BrokenNode)
            problems.Add(
                SpecErrors.WrongValue, node.At,
                $"'{name}' must be a number, true, false, or a word that can be part of a name; found {Expected.Found(node)}.");
        return null;
    }

    private Entry Replaced(Entry stage, Scope values) => stage with { Value = new Substitution(values, problems).In(stage.Value) };
}
