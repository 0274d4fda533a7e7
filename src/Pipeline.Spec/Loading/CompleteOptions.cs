using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Pipeline.Protocol;

namespace Pipeline.Spec.Loading;

/// <summary>Fills in the defaults of an options record, so that a run does not depend on the program that reads it later.</summary>
internal static class CompleteOptions
{
    // The protocol leaves nulls out. That would turn `format: null` ("asks for none") back into its default, so here a
    // null stays wherever the default is something else.
    private static readonly JsonSerializerOptions Written = new(ProtocolJson.Line)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepMeaningfulNulls } },
    };

    /// <summary>The options as the record has them, defaults included.</summary>
    /// <param name="given">Settings that were checked against the record's shape.</param>
    /// <param name="record">The options record.</param>
    public static JsonObject Of(JsonObject given, Type record) =>
        JsonSerializer.SerializeToNode(given.Deserialize(record, ProtocolJson.Line), record, Written)!.AsObject();

    private static void KeepMeaningfulNulls(JsonTypeInfo type)
    {
        if (type is not { Kind: JsonTypeInfoKind.Object, CreateObject: { } create }) return;
        var defaults = create();
        foreach (var property in type.Properties)
        {
            var isNullByDefault = property.Get?.Invoke(defaults) is null;
            property.ShouldSerialize = (_, value) => value is not null || !isNullByDefault;
        }
    }
}
