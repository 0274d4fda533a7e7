using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Spec.Loading;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Shapes;

/// <summary>
/// Checks a node against a shape and writes what is right of it as JSON. What is wrong is added to the problems and left
/// out, so that everything else is checked too.
/// </summary>
/// <param name="problems">Gets what is wrong.</param>
/// <param name="artifact">
/// Called for each value that refers to an artifact, with its place in the record (<c>evaluate.prompts</c>) and the kind
/// expected; returns the text that stands for it.
/// </param>
internal sealed class ShapeReader(Problems problems, Func<Node, string, string, string?> artifact)
{
    /// <summary>For records that refer to no artifact.</summary>
    public ShapeReader(Problems problems)
        : this(problems, (_, _, _) => throw new InvalidOperationException("This record refers to no artifact.")) { }

    /// <summary>Reads a record.</summary>
    /// <param name="node">What stands in the file.</param>
    /// <param name="shape">What is expected.</param>
    /// <param name="owner">How messages name the mapping: <c>grpo</c>, <c>a stage</c>.</param>
    /// <param name="ownerAt">Where its key is.</param>
    /// <param name="path">The mapping's place in the outermost record; empty for that record itself.</param>
    public JsonObject? Record(Node node, RecordShape shape, string owner, Position ownerAt, string path = "")
    {
        if (node is not MapNode map)
        {
            Mismatch(node, owner, shape);
            return null;
        }
        var read = new JsonObject();
        foreach (var entry in map.Entries)
        {
            if (shape.Fields.FirstOrDefault(field => field.Name == entry.Key) is { } field) Set(read, field, entry, shape.ExactlyOne, path);
            else if (!(shape.OwnKeys && entry.Key.StartsWith("x-", StringComparison.Ordinal))) Unknown(entry, shape, owner);
        }
        if (shape.ExactlyOne) OnlyOne(map, shape, owner, ownerAt);
        foreach (var field in shape.Fields)
            if (field.Required && map.Find(field.Name) is null)
                problems.Add(
                    SpecErrors.MissingKey, ownerAt,
                    $"{owner} lacks '{field.Name}'; it must be {Expected.Of(field.Value)}.");
        return read;
    }

    private void Set(JsonObject read, Field field, Entry entry, bool isChoice, string path)
    {
        // `- accuracy:` chooses accuracy with every setting at its default.
        var node = isChoice && entry.Value is ScalarNode { Value: null } ? new MapNode(entry.At, []) : entry.Value;
        if (node is ScalarNode { Value: null } && field.Nullable) read[field.Name] = null;
        else if (Value(node, field.Value, entry.Key, entry.At, Join(path, field.Name)) is { } value) read[field.Name] = value;
    }

    /// <summary>Reads a value.</summary>
    /// <param name="node">What stands in the file.</param>
    /// <param name="shape">What is expected.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="nameAt">Where its key is.</param>
    /// <param name="path">Its place in the outermost record.</param>
    public JsonNode? Value(Node node, Shape shape, string name, Position nameAt, string path)
    {
        switch (shape, node)
        {
            case (_, BrokenNode) or (FreeShape, _):
                return null;
            case (ArtifactShape expected, _):
                return artifact(node, path, expected.Kind);
            case (RecordShape record, _):
                return Record(node, record, $"'{name}'", nameAt, path);
            case (ListShape list, ListNode found):
                Enough(found.Items.Count, list.MinLength, name, node.At);
                return new JsonArray([.. found.Items
                    .Select((item, i) => Value(item, list.Item, $"{name}.{i}", item.At, Join(path, $"{i}")))
                    .OfType<JsonNode>()]);
            case (DictionaryShape dictionary, MapNode found):
                return Dictionary(found, dictionary, name, path);
            case (TextShape text, ScalarNode { Value: string found }):
                return Formed(found, text, name, node.At);
            case (TextShape text, LateTextNode found) when found.References.All(reference => text.Late.Contains(reference.Root)):
                return found.Text;
            case (ChoiceShape choice, ScalarNode { Value: string found }):
                return Chosen(found, choice, name, node.At);
            case (BooleanShape, ScalarNode { Value: bool found }):
                return found;
            case (IntegerShape range, ScalarNode { Value: long found }):
                return InRange(found, range.Min, range.Max, name, node.At) ? found : null;
            case (IntegerShape range, ScalarNode { Value: double found }) when double.IsInteger(found) && Math.Abs(found) < 1e15:
                return InRange((long)found, range.Min, range.Max, name, node.At) ? (long)found : null; // 1e6 steps
            case (NumberShape range, ScalarNode { Value: long or double } found):
                var number = Convert.ToDouble(found.Value, CultureInfo.InvariantCulture);
                if (double.IsFinite(number)) return InRange(number, range.Min, range.Max, name, node.At) ? number : null;
                break;
        }
        Mismatch(node, $"'{name}'", shape);
        return null;
    }

    private JsonObject Dictionary(MapNode map, DictionaryShape shape, string name, string path)
    {
        Enough(map.Entries.Count, shape.MinLength, name, map.At);
        var read = new JsonObject();
        foreach (var entry in map.Entries)
        {
            if (shape.KeyForm?.Holds(entry.Key) == false)
                problems.Add(SpecErrors.WrongValue, entry.At, $"'{entry.Key}' is not {shape.KeyForm.Expected}.");
            else if (Value(entry.Value, shape.Item, entry.Key, entry.At, Join(path, entry.Key)) is { } value) read[entry.Key] = value;
        }
        return read;
    }

    private JsonValue? Formed(string found, TextShape text, string name, Position at)
    {
        if (text.Form?.Holds(found) ?? true) return JsonValue.Create(found);
        problems.Add(SpecErrors.WrongValue, at, $"'{name}' must be {text.Form!.Expected}; found '{found}'.");
        return null;
    }

    private JsonValue? Chosen(string found, ChoiceShape choice, string name, Position at)
    {
        if (choice.Choices.Contains(found)) return JsonValue.Create(found);
        problems.Add(
            SpecErrors.WrongValue, at,
            $"'{name}' cannot be '{found}'; {DidYouMean.Or("it is one of", found, choice.Choices)}");
        return null;
    }

    private bool InRange<T>(T found, T min, T max, string name, Position at) where T : IComparable<T>
    {
        if (found.CompareTo(min) >= 0 && found.CompareTo(max) <= 0) return true;
        problems.Add(
            SpecErrors.WrongValue, at,
            $"'{name}' must be {Expected.Range(min, max)}; found {Expected.Number(found)}.");
        return false;
    }

    private void Enough(int found, int atLeast, string name, Position at)
    {
        if (found < atLeast)
            problems.Add(
                SpecErrors.WrongValue, at,
                $"'{name}' is empty; it needs at least {atLeast} item{(atLeast == 1 ? "" : "s")}.");
    }

    private void OnlyOne(MapNode map, RecordShape shape, string owner, Position ownerAt)
    {
        var set = map.Entries.Select(entry => entry.Key).Intersect(shape.Fields.Select(field => field.Name)).ToArray();
        if (map.Entries.Count == 0)
            problems.Add(
                SpecErrors.MissingKey, ownerAt,
                $"{owner} is empty; it holds exactly one of {string.Join(", ", shape.Fields.Select(field => field.Name))}.");
        else if (set.Length > 1)
            problems.Add(
                SpecErrors.WrongValue, ownerAt,
                $"{owner} holds {string.Join(" and ", set.Select(key => $"'{key}'"))}; it holds exactly one. {(IsItem(owner) ? "Make them items of their own, each with its '-'." : "Choose.")}");
    }

    /// <summary>Whether messages name a mapping by its place in a list: 'rewards.0'.</summary>
    private static bool IsItem(string owner) => char.IsAsciiDigit(owner.TrimEnd('\'')[^1]);

    private void Unknown(Entry entry, RecordShape shape, string owner)
    {
        // A key that exists further down, such as `temperature` beside `sampling`, was put too high.
        var hint = Below(shape, entry.Key) is { } deeper
            ? $"did you mean '{deeper}'?"
            : DidYouMean.Or("it may have", entry.Key, shape.Fields.Select(field => field.Name));
        problems.Add(SpecErrors.UnknownKey, entry.At, $"{owner} has no '{entry.Key}'; {hint}");
    }

    /// <summary>The place of a key below a record, the nearest first: <c>algorithm.grpo.clip_high</c>; null if there is none.</summary>
    private static string? Below(RecordShape shape, string key)
    {
        var inner = shape.Fields.Where(field => field.Value is RecordShape).Select(field => (field.Name, Shape: (RecordShape)field.Value)).ToList();
        var direct = inner.Find(one => one.Shape.Fields.Any(field => field.Name == key)).Name;
        return direct is not null
            ? $"{direct}.{key}"
            : inner.Select(one => Below(one.Shape, key) is { } deeper ? $"{one.Name}.{deeper}" : null).FirstOrDefault(path => path is not null);
    }

    private void Mismatch(Node node, string owner, Shape shape)
    {
        if (node is BrokenNode) return;
        var (code, message) = node switch
        {
            OutputNode output => (
                SpecErrors.MisplacedReference,
                $"{owner} must be {Expected.Of(shape)}; found an output of stage '{output.Stage}'. An artifact can stand under 'inputs' and in settings that take one."),
            LateTextNode late => (SpecErrors.MisplacedReference, Expected.Later(late)),
            _ => (
                SpecErrors.WrongType,
                $"{owner} must be {Expected.Of(shape)}; found {Expected.Found(node)}.{Expected.Hint(node, shape)}"),
        };
        problems.Add(code, node.At, message);
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
