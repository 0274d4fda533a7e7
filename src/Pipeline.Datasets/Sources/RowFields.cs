using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Sources;

/// <summary>The values of a row, asked for by column and type.</summary>
/// <param name="fields">The row.</param>
internal sealed class RowFields(JsonObject fields)
{
    public bool Has(string column) => fields[column] is not null;

    public bool HasAll(params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns) if (!fields.ContainsKey(column)) return false;
        return true;
    }

    /// <summary>A text that is not blank; numbers are taken as they are written.</summary>
    public string Text(string column) => OptionalText(column) switch
    {
        null => throw new RowException(RowErrors.Missing, column, "is missing or null. Fill it in, or drop the row."),
        var text when string.IsNullOrWhiteSpace(text) => throw new RowException(RowErrors.Empty, column, "is empty. Fill it in, or drop the row."),
        var text => text,
    };

    public string? OptionalText(string column) => fields[column] switch
    {
        null => null,
        JsonValue value => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(),
        var other => throw new RowException(RowErrors.Type, column, $"should be text, but is {Kind(other)}. Convert the column, or drop the row."),
    };

    public long? OptionalInteger(string column) => fields[column] is JsonValue value && value.TryGetValue<JsonElement>(out var element)
        ? element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) ? number : null
        : fields[column] is JsonValue plain && plain.TryGetValue<long>(out var whole) ? whole : null;

    /// <summary>true or false, 1 or 0.</summary>
    public bool Flag(string column) => Text(column) switch
    {
        "true" or "True" or "1" => true,
        "false" or "False" or "0" => false,
        var other => throw new RowException(RowErrors.Type, column, $"should be true or false, but is '{other}'."),
    };

    public RowFields Struct(string column) => fields[column] switch
    {
        JsonObject members => new RowFields(members),
        null => throw new RowException(RowErrors.Missing, column, "is missing or null. Fill it in, or drop the row."),
        var other => throw new RowException(RowErrors.Type, column, $"should be a struct, but is {Kind(other)}."),
    };

    public RowFields? OptionalStruct(string column) => fields[column] is JsonObject members ? new RowFields(members) : null;

    /// <summary>One text, though the column may hold a list with that one text.</summary>
    public string Single(string column) => fields[column] is JsonArray list
        ? list is [JsonValue value] && value.ToString() is { Length: > 0 } text
            ? text
            : throw new RowException(RowErrors.Type, column, $"holds a list of {list.Count}, where one text is wanted. Keep one.")
        : Text(column);

    /// <summary>A conversation; a plain text is one turn of <paramref name="roleOfText"/>.</summary>
    public IReadOnlyList<ChatMessage> Messages(string column, string roleOfText)
    {
        if (fields[column] is not JsonArray turns) return [new ChatMessage(roleOfText, Text(column))];
        if (turns.Count == 0) throw new RowException(RowErrors.Empty, column, "holds no turn. Fill it in, or drop the row.");
        return [.. turns.Select((turn, index) => Turn(column, turn, index + 1))];
    }

    private static ChatMessage Turn(string column, JsonNode? turn, int number)
    {
        if (turn is not JsonObject members) throw new RowException(RowErrors.Type, column, $"should be a list of {{role, content}}, but turn {number} is {Kind(turn)}.");
        var role = Member(members, column, number, "role", "from") switch { "human" => ChatMessage.UserRole, "gpt" => ChatMessage.AssistantRole, var other => other };
        if (role.Length == 0) throw new RowException(RowErrors.Turns, column, $"has no role in turn {number}. Roles are system, user and assistant.");
        var content = Member(members, column, number, "content", "value");
        return string.IsNullOrWhiteSpace(content)
            ? throw new RowException(RowErrors.Empty, column, $"has an empty content in turn {number}, of the {role}. Fill it in, or drop the row.")
            : new ChatMessage(role, content);
    }

    /// <summary>A member of a turn; the second name is ShareGPT's.</summary>
    private static string Member(JsonObject turn, string column, int number, string name, string other) =>
        (turn[name] ?? turn[other]) switch
        {
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            null => throw new RowException(RowErrors.Missing, column, $"has no '{name}' in turn {number}; it has {string.Join(", ", turn.Select(member => member.Key))}."),
            var found => throw new RowException(RowErrors.Type, column, $"should have a text as '{name}' of turn {number}, but has {Kind(found)}."),
        };

    internal static string Kind(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray => "a list",
        JsonObject => "a struct",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "text",
            JsonValueKind.Number => "a number",
            _ => "true or false",
        },
    };
}
