using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Written;

namespace Pipeline.Spec.Schema;

/// <summary>
/// Writes the JSON Schema from the shapes that also check files. Draft 7, the newest that YAML editors know well; a
/// stage is <c>anyOf</c> its kinds rather than <c>if</c>/<c>then</c>, which not every validator has.
/// </summary>
internal sealed class SchemaWriter(XmlDocs docs)
{
    private readonly SortedDictionary<string, JsonNode?> _definitions = new(StringComparer.Ordinal);

    /// <summary>The schema of the pipeline file.</summary>
    public string Write()
    {
        _definitions["expression"] = new JsonObject { ["type"] = "string", ["pattern"] = @"\$\{\{.*\}\}" };
        _definitions["stage"] = Stage();
        var schema = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = "Pipeline file" };
        foreach (var (key, value) in RecordSchema(ShapeOf.Record(typeof(PipelineSpec)))) schema[key] = value?.DeepClone();
        schema["definitions"] = new JsonObject(_definitions);
        return schema.ToJsonString(ProtocolJson.Indented) + "\n";
    }

    private JsonObject Stage()
    {
        var common = ShapeOf.Record(typeof(StageSpec));
        var kinds = StageKinds.All.Select(kind => StageOf(kind, common)).Append(CommandStage(common));
        return new JsonObject { ["anyOf"] = new JsonArray([.. kinds]) };
    }

    private JsonObject StageOf(StageKind kind, RecordShape common)
    {
        var fields = common.Fields.Where(field => 
            field.Name is not ("outputs" or "run" or "code") && (kind.Trains || field.Name != "stop_when"));
        var stage = RecordSchema(common with { Fields = [.. fields] });
        stage["title"] = kind.Name;
        stage["description"] = docs.Of(kind.Options);
        var properties = stage["properties"]!;
        properties["uses"] = Described(new JsonObject { ["enum"] = new JsonArray(kind.Name) }, docs.Of(kind.Options));
        properties["inputs"] = Ports(kind.Inputs);
        properties["with"] = Described(
            OrNull(Reference(ShapeOf.Record(kind.Options))), docs.Of(typeof(StageSpec).GetProperty(nameof(StageSpec.With))!));
        if (kind.Inputs.Any(port => port.Required)) stage["required"]!.AsArray().Add("inputs");
        return stage;
    }

    private JsonObject CommandStage(RecordShape common)
    {
        var stage = RecordSchema(common);
        stage["title"] = StageKinds.Command;
        const string description = "Any program that keeps the stage protocol.";
        stage["description"] = description;
        var properties = stage["properties"]!;
        properties["uses"] = new JsonObject { ["enum"] = new JsonArray(StageKinds.Command), ["description"] = description };
        properties["inputs"]!["type"] = Texts(["object", "null"]);
        var port = Port(new InputPort("", [], TakesList: true));
        properties["inputs"]!["patternProperties"] = new JsonObject { [new IdAttribute().Pattern] = port };
        properties["inputs"]!["additionalProperties"] = false;
        properties["with"]!["type"] = Texts(["object", "null"]);
        stage["required"]!.AsArray().Add("run");
        return stage;
    }

    private JsonObject Ports(IReadOnlyList<InputPort> ports)
    {
        var required = Texts(ports.Where(port => port.Required).Select(port => port.Name));
        return new JsonObject
        {
            ["description"] = docs.Of(typeof(StageSpec).GetProperty(nameof(StageSpec.Inputs))!),
            ["type"] = required.Count > 0 ? "object" : Texts(["object", "null"]),
            ["properties"] = new JsonObject(ports.Select(port => KeyValuePair.Create(port.Name, (JsonNode?)Port(port)))),
            ["required"] = required,
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Port(InputPort port)
    {
        var single = new JsonObject { ["type"] = "string", ["minLength"] = 1 };
        var list = new JsonObject { ["type"] = "array", ["items"] = single.DeepClone(), ["minItems"] = 1 };
        var schema = port.TakesList ? new JsonObject { ["anyOf"] = new JsonArray(single, list) } : single;
        return port.Kinds.Count == 0
            ? schema
            : Described(schema, $"{string.Join(" or ", port.Kinds)}: a path or ${{{{ stages.<id>.outputs.<name> }}}}");
    }

    private JsonObject RecordSchema(RecordShape record)
    {
        var schema = new JsonObject
        {
            ["description"] = docs.Of(record.Type),
            ["type"] = "object",
            ["properties"] = new JsonObject(record.Fields.Select(field =>
                KeyValuePair.Create(field.Name, (JsonNode?)FieldSchema(field, record.ExactlyOne)))),
            ["required"] = Texts(record.Fields.Where(field => field.Required).Select(field => field.Name)),
            ["additionalProperties"] = false,
        };
        if (record.OwnKeys) schema["patternProperties"] = new JsonObject { ["^x-"] = new JsonObject() };
        if (record.ExactlyOne) (schema["minProperties"], schema["maxProperties"]) = (1, 1);
        return schema;
    }

    private JsonObject FieldSchema(Field field, bool isChoice)
    {
        var schema = ValueSchema(field.Value);
        // `- accuracy:` chooses accuracy with its defaults, which a record with required keys does not have.
        var mayBeNull = field.Nullable && !(isChoice && field.Value is RecordShape { Fields: var inner } && inner.Any(key => key.Required));
        return Described(mayBeNull && field.Value is not FreeShape ? OrNull(schema) : schema, docs.Of(field.Property));
    }

    private JsonObject ValueSchema(Shape shape) => shape switch
    {
        TextShape { Form: ExactlyAttribute exactly } => new JsonObject { ["enum"] = new JsonArray(exactly.Text) },
        TextShape { Form: { } form } => OrExpression(new JsonObject { ["type"] = "string", ["pattern"] = form.Pattern }),
        TextShape or ArtifactShape => new JsonObject { ["type"] = "string" },
        IntegerShape range => OrExpression(Bounded(
            "integer", range.Min > int.MinValue ? range.Min : null, range.Max < int.MaxValue ? range.Max : null)),
        NumberShape range => OrExpression(Bounded(
            "number", range.Min > double.MinValue ? range.Min : null, range.Max < double.MaxValue ? range.Max : null)),
        BooleanShape => OrExpression(new JsonObject { ["type"] = "boolean" }),
        ChoiceShape choice => OrExpression(new JsonObject { ["enum"] = Texts(choice.Choices) }),
        ListShape list => new JsonObject { ["type"] = "array", ["items"] = ValueSchema(list.Item), ["minItems"] = list.MinLength },
        DictionaryShape { KeyForm: { } form, MinLength: var least } map => new JsonObject
        {
            ["type"] = "object",
            ["patternProperties"] = new JsonObject { [form.Pattern] = ValueSchema(map.Item) },
            ["minProperties"] = least,
            ["additionalProperties"] = false,
        },
        DictionaryShape map => new JsonObject { ["type"] = "object", ["additionalProperties"] = ValueSchema(map.Item) },
        RecordShape { Type: var type } when type == typeof(StageSpec) => Reference("stage"),
        RecordShape record => Reference(record),
        _ => [],
    };

    private JsonObject Reference(RecordShape record)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(record.Type.Name);
        if (!_definitions.ContainsKey(name))
        {
            _definitions[name] = null; // taken, should the record contain itself
            _definitions[name] = RecordSchema(record);
        }
        return Reference(name);
    }

    private static JsonObject Reference(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    private static JsonObject OrExpression(JsonObject schema) => new() { ["anyOf"] = new JsonArray(schema, Reference("expression")) };

    private static JsonObject OrNull(JsonObject schema)
    {
        var none = new JsonObject { ["type"] = "null" };
        if (schema["anyOf"] is not JsonArray choices) return new JsonObject { ["anyOf"] = new JsonArray(schema, none) };
        choices.Add(none);
        return schema;
    }

    private static JsonObject Bounded(string type, JsonNode? min, JsonNode? max)
    {
        var schema = new JsonObject { ["type"] = type };
        if (min is not null) schema["minimum"] = min;
        if (max is not null) schema["maximum"] = max;
        return schema;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    // In draft 7 whatever stands beside a $ref is ignored, so a described reference is wrapped.
    private static JsonObject Described(JsonObject schema, string? description)
    {
        var described = schema.ContainsKey("$ref") ? new JsonObject { ["allOf"] = new JsonArray(schema) } : schema;
        if (description is not null) described.Insert(0, "description", description);
        return described;
    }
}
