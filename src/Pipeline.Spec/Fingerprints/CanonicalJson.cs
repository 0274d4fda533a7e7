using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Spec.Fingerprints;

/// <summary>One text for every way to write the same JSON: keys sorted by ordinal, no white space, numbers in one form.</summary>
internal static class CanonicalJson
{
    public static string Of(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return text.ToString();
    }

    /// <summary>A single value; numbers as people write them.</summary>
    public static string OfValue(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.Number => Number(value.ToJsonString()),
        _ => value.ToJsonString(),
    };

    private static void Write(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject map:
                text.Append('{');
                foreach (var (i, (key, value)) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Index())
                {
                    if (i > 0) text.Append(',');
                    text.Append(JsonSerializer.Serialize(key)).Append(':');
                    Write(text, value);
                }
                text.Append('}');
                break;
            case JsonArray list:
                text.Append('[');
                foreach (var (i, item) in list.Index())
                {
                    if (i > 0) text.Append(',');
                    Write(text, item);
                }
                text.Append(']');
                break;
            default:
                text.Append(OfValue(node.AsValue()));
                break;
        }
    }

    // 1e-4, 1E-04 and 0.0001 are one number; so are 1 and 1.0.
    private static string Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole.ToString(CultureInfo.InvariantCulture)
            : ShortNumber.Of(double.Parse(text, CultureInfo.InvariantCulture));
}
