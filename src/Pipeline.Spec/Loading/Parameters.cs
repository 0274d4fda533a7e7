using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Written;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>Finds the value of each parameter: given, else its default.</summary>
internal sealed class Parameters(Problems problems)
{
    private readonly ShapeReader _reader = new(problems);
    private readonly Dictionary<string, Node> _values = [];

    /// <summary>The values by name; a parameter without a valid value is a broken node.</summary>
    /// <param name="declared">The entry <c>params</c> of the file; null if there is none.</param>
    /// <param name="given">What profile and command line say.</param>
    public IReadOnlyDictionary<string, Node> Read(Entry? declared, IReadOnlyDictionary<string, GivenParam> given)
    {
        if (declared is not null and { Value: not ScalarNode { Value: null } })
            _reader.Value(declared.Value, new DictionaryShape(new FreeShape(), new IdAttribute()), "params", declared.At, "");
        foreach (var entry in (declared?.Value as MapNode)?.Entries ?? [])
        {
            given.TryGetValue(entry.Key, out var value);
            _values[entry.Key] = (Node?)ValueOf(entry, value) ?? new BrokenNode(entry.At);
        }
        foreach (var (name, value) in given)
            if (!_values.ContainsKey(name))
                problems.Add(
                    SpecErrors.Param, value.At,
                    $"There is no parameter '{name}'; {DidYouMean.Or("the parameters", name, _values.Keys)}");
        return _values;
    }

    private ScalarNode? ValueOf(Entry entry, GivenParam given)
    {
        if (entry.Value is ScalarNode { Value: { } value } scalar)
        {
            problems.Add(
                SpecErrors.WrongType, entry.Value.At,
                $"'{entry.Key}' must declare a type. Did you mean {{ type: {TypeOf(value)}, default: {scalar.Text} }}?");
            return null;
        }
        var json = _reader.Record(entry.Value, ShapeOf.Record(typeof(ParamSpec)), $"'{entry.Key}'", entry.At);
        if (json.Deserialize<ParamSpec>(ProtocolJson.Line) is not { Type: { } type } spec) return null;

        var shape = ShapeFor(type, spec);
        var fallback = (entry.Value as MapNode)?.Find("default") is { } @default ? Typed(entry.Key, @default.Value, type, shape) : null;
        if (given.Text is not null) return Typed(entry.Key, FromText(given, type), type, shape);
        if (given.Node is not null) return Typed(entry.Key, given.Node, type, shape);
        if ((entry.Value as MapNode)?.Find("default") is null)
            problems.Add(
                SpecErrors.Param, entry.At,
                $"The parameter '{entry.Key}' has no value. Give it with -p {entry.Key}=<{type.ToString().ToLowerInvariant()}>, or add a default.");
        return fallback;
    }

    private static string TypeOf(object value) => value switch { bool => "boolean", long => "integer", double => "number", _ => "string" };

    private static Shape ShapeFor(ParamType type, ParamSpec spec) => type switch
    {
        ParamType.Integer => new IntegerShape((long)(spec.Min ?? long.MinValue), spec.Max is { } max ? (long)max : long.MaxValue),
        ParamType.Number => new NumberShape(spec.Min ?? double.MinValue, spec.Max ?? double.MaxValue),
        ParamType.Boolean => new BooleanShape(),
        _ => new TextShape(null, []),
    };

    /// <summary>Text from the command line: a string needs no quotes there, everything else is YAML.</summary>
    private Node FromText(GivenParam given, ParamType type) =>
        type is ParamType.String or ParamType.Path
            ? new ScalarNode(given.At, given.Text!, given.Text!)
            : YamlReader.Read(given.Text!, given.At.Source, problems) ?? new BrokenNode(given.At);

    private ScalarNode? Typed(string name, Node node, ParamType type, Shape shape)
    {
        if (_reader.Value(node, shape, name, node.At, name) is not JsonValue json) return null;
        object value = shape switch
        {
            IntegerShape => json.GetValue<long>(),
            NumberShape => json.GetValue<double>(),
            BooleanShape => json.GetValue<bool>(),
            _ when type == ParamType.Path && !HubReference.IsOne(json.GetValue<string>()) => Path.GetFullPath(json.GetValue<string>(), node.At.Source.Folder),
            _ => json.GetValue<string>(),
        };
        return new ScalarNode(node.At, value, Convert.ToString(value, CultureInfo.InvariantCulture)!);
    }
}
