using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Stages.Hosting;

/// <summary>Finds the first setting that an options record does not have, and says where it stands and what there is instead.</summary>
internal static class UnknownOptions
{
    /// <exception cref="ConfigException">There is one.</exception>
    public static void Refuse(JsonNode? json, Type type, string path = "options")
    {
        switch (json)
        {
            case JsonObject settings when Members(type) is { } members:
                foreach (var (name, value) in settings)
                    Refuse(value, members.GetValueOrDefault(name) ?? throw Unknown($"{path}.{name}", members.Keys), $"{path}.{name}");
                break;
            case JsonArray items when ItemOf(type) is { } item:
                for (var i = 0; i < items.Count; i++) Refuse(items[i], item, $"{path}[{i}]");
                break;
        }
    }

    private static ConfigException Unknown(string path, IEnumerable<string> known) =>
        new(StageErrors.OptionUnknown, $"{path} is unknown; known are {string.Join(", ", known)}.");

    /// <summary>The settings of a record by their JSON names; null for what is not one of our records.</summary>
    private static Dictionary<string, Type>? Members(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { Namespace: "Pipeline.Protocol.Options", IsEnum: false } record
            ? record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)
                .ToDictionary(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), property => property.PropertyType)
            : null;

    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[^1] : null;
}
