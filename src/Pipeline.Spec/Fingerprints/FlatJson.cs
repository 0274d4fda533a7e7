using System.Text.Json.Nodes;

namespace Pipeline.Spec.Fingerprints;

/// <summary>JSON as a flat list of places and values, to tell what differs between two.</summary>
internal static class FlatJson
{
    /// <summary>Adds what is below <paramref name="name"/>.</summary>
    public static void Add(IDictionary<string, string> flat, string name, JsonNode? value, string joint = ".")
    {
        switch (value)
        {
            case JsonObject map:
                foreach (var (key, child) in map) Add(flat, name.Length == 0 ? key : name + joint + key, child);
                break;
            case JsonArray list:
                foreach (var (i, child) in list.Index()) Add(flat, $"{name}.{i}", child);
                break;
            case JsonValue single:
                flat[name] = Short(CanonicalJson.OfValue(single).Trim('"'));
                break;
            default:
                flat[name] = "null";
                break;
        }
    }

    /// <summary>What differs, one phrase each: <c>learning_rate 1e-4 -> 5e-5</c>.</summary>
    public static IReadOnlyList<string> Difference(IReadOnlyDictionary<string, string> old, IReadOnlyDictionary<string, string> now) =>
        [.. old.Keys.Union(now.Keys)
            .Where(name => old.GetValueOrDefault(name) != now.GetValueOrDefault(name))
            .Select(name => $"{name} {old.GetValueOrDefault(name, "unset")} -> {now.GetValueOrDefault(name, "unset")}")];

    /// <summary>Of a digest its first eight digits; they tell two apart.</summary>
    private static string Short(string text) =>
        text.StartsWith("sha256:", StringComparison.Ordinal) && text.Length > 15 ? text[..15] : text;
}
