using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;

namespace Pipeline.Rewards.Judges;

/// <summary>Holds a judge's answer to the JSON Schema of its verdict. The schema and the check are of one record, so they cannot differ.</summary>
internal static class VerdictReader
{
    private static readonly JsonSerializerOptions s_strict = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private static readonly JsonSchemaExporterOptions s_export = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) =>
        {
            if (context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(RangeAttribute), inherit: false) is [RangeAttribute range, ..])
                (schema["minimum"], schema["maximum"]) = ((int)range.Minimum, (int)range.Maximum);
            return schema;
        },
    };

    /// <summary>The schema, as servers take it.</summary>
    public static JsonElement SchemaOf<T>() where T : IVerdict => JsonSerializer.SerializeToElement<JsonNode>(s_strict.GetJsonSchemaAsNode(typeof(T), s_export));

    /// <summary>
    /// The verdict in an answer: the object from its first brace to its last, after the chain of thought, since models like to wrap
    /// it. Null if it is not of the schema.
    /// </summary>
    public static IVerdict? Read<T>(string answer) where T : class, IVerdict
    {
        var text = Thinking.After(answer);
        var (start, end) = (text.IndexOf('{'), text.LastIndexOf('}'));
        if (start < 0 || end < start) return null;
        try
        {
            var verdict = JsonSerializer.Deserialize<T>(text.AsSpan(start, end - start + 1), s_strict)!;
            return Validator.TryValidateObject(verdict, new ValidationContext(verdict), validationResults: null, validateAllProperties: true) ? verdict : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
