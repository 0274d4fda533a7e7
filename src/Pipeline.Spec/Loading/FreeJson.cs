using System.Text.Json.Nodes;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>Turns a node into JSON as it is, without expecting anything of it.</summary>
internal static class FreeJson
{
    /// <summary>The JSON of a node without references.</summary>
    public static JsonNode? Of(Node node) => node switch
    {
        ScalarNode scalar => Of(scalar),
        ListNode list => new JsonArray([.. list.Items.Select(Of)]),
        MapNode map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value)))),
        _ => null,
    };

    /// <summary>The JSON of a single value. JSON has no infinity; it becomes text, as the protocol writes it.</summary>
    public static JsonNode? Of(ScalarNode scalar) => scalar.Value switch
    {
        null => null,
        bool flag => flag,
        long whole => whole,
        double number when double.IsFinite(number) => number,
        double number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        var text => (string)text,
    };
}
