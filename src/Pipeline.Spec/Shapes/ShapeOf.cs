using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Pipeline.Protocol;
using Pipeline.Protocol.Options;
using Pipeline.Protocol.Stages;

namespace Pipeline.Spec.Shapes;

/// <summary>Reads a record's shape from its JSON metadata and its attributes.</summary>
internal static class ShapeOf
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Records = new();

    /// <summary>The shape of a record.</summary>
    public static RecordShape Record(Type type) => Records.GetOrAdd(type, static type => new RecordShape(
        type,
        [.. ProtocolJson.Line.GetTypeInfo(type).Properties.Select(FieldOf)],
        type.IsDefined(typeof(ExactlyOneAttribute)),
        type.IsDefined(typeof(OwnKeysAttribute))));

    private static Field FieldOf(JsonPropertyInfo json)
    {
        var property = (PropertyInfo)json.AttributeProvider!;
        var required = json.IsRequired || property.IsDefined(typeof(RequiredAttribute));
        return new Field(json.Name, ValueOf(property.PropertyType, property), required, json.IsSetNullable, property);
    }

    private static Shape ValueOf(Type declared, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var range = property.GetCustomAttribute<RangeAttribute>();
        if (type == typeof(string))
        {
            if (property.IsDefined(typeof(StageKindNameAttribute))) return new ChoiceShape(StageKindNameAttribute.Names);
            if (property.IsDefined(typeof(AlarmCodeAttribute))) return new ChoiceShape(AlarmCodes.All);
            return property.GetCustomAttribute<ArtifactReferenceAttribute>() is { } artifact
                ? new ArtifactShape(artifact.Kind)
                : new TextShape(
                    property.GetCustomAttribute<TextFormAttribute>(), property.GetCustomAttribute<LateAttribute>()?.Roots ?? []);
        }
        if (type == typeof(int))
            return new IntegerShape(Bound(range?.Minimum, (long)int.MinValue), Bound(range?.Maximum, (long)int.MaxValue));
        if (type == typeof(long))
            return new IntegerShape(Bound(range?.Minimum, long.MinValue), Bound(range?.Maximum, long.MaxValue));
        if (type == typeof(double))
            return new NumberShape(Bound(range?.Minimum, double.MinValue), Bound(range?.Maximum, double.MaxValue));
        if (type == typeof(bool)) return new BooleanShape();
        if (type.IsEnum) return new ChoiceShape(Choices(type));
        if (type.IsAssignableTo(typeof(System.Text.Json.Nodes.JsonNode))) return new FreeShape();

        var minLength = property.GetCustomAttribute<MinLengthAttribute>()?.Length ?? 0;
        return ProtocolJson.Line.GetTypeInfo(type) switch
        {
            { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item } =>
                new ListShape(ValueOf(item, property), minLength),
            { Kind: JsonTypeInfoKind.Dictionary, ElementType: { } item } =>
                new DictionaryShape(
                    ValueOf(item, property), property.IsDefined(typeof(KeysAreIdsAttribute)) ? new IdAttribute() : null, minLength),
            { Kind: JsonTypeInfoKind.Object } => Record(type),
            _ => throw new NotSupportedException(
                $"{property.DeclaringType?.Name}.{property.Name}: settings cannot be of type {type.Name}."),
        };
    }

    /// <summary>The values of an enum as they are written.</summary>
    private static IReadOnlyList<string> Choices(Type type) =>
        [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(value =>
            JsonSerializer.SerializeToElement(Enum.ToObject(type, value), type, ProtocolJson.Line).GetString()!)];

    private static T Bound<T>(object? bound, T otherwise) where T : IConvertible =>
        bound is null ? otherwise : (T)Convert.ChangeType(bound, typeof(T), CultureInfo.InvariantCulture);
}
