using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Datasets.Contents;

/// <summary>What a row asks and what it answers, as text, whatever its schema.</summary>
/// <param name="Prompt">The turns that are not the assistant's, or the column that asks; empty if there is none.</param>
/// <param name="Completion">The assistant's turns, or the columns that answer; empty if there is none.</param>
public readonly record struct RowText(string Prompt, string Completion)
{
    private static readonly string[] s_prompts = ["prompt", "question", "problem", "instruction", "query", "input"];
    private static readonly string[] s_completions = ["completion", "response", "output", "chosen", "rejected", "answer", "solution", "text"];
    private static readonly string[] s_conversations = ["messages", "conversations"];

    /// <summary>All of it.</summary>
    public string Whole => Prompt.Length == 0 ? Completion : Completion.Length == 0 ? Prompt : $"{Prompt}\n{Completion}";

    /// <summary>
    /// Of the columns that name a prompt the first that is there, of those that name an answer all, of a conversation the turns by role.
    /// A row with none of these is all its texts.
    /// </summary>
    public static RowText Of(JsonObject row)
    {
        foreach (var name in s_conversations)
            if (row[name] is JsonArray turns)
                return new RowText(Join(turns.Where(turn => !IsAnswer(turn))), Join(turns.Where(IsAnswer)));
        var prompt = s_prompts.Select(name => row[name]).FirstOrDefault(value => value is not null);
        var completion = Join(s_completions.Select(name => row[name]));
        return prompt is null && completion.Length == 0 ? new RowText("", Join(row.Select(field => field.Value))) : new RowText(Text(prompt), completion);
    }

    /// <summary>The prompt, or all there is where nothing is one.</summary>
    public string PromptOrWhole => Prompt.Length > 0 ? Prompt : Completion;

    private static bool IsAnswer(JsonNode? turn) => turn is JsonObject && (turn["role"] ?? turn["from"])?.ToString() is "assistant" or "gpt";

    private static string Join(IEnumerable<JsonNode?> values) => string.Join('\n', values.Select(Text).Where(text => text.Length > 0));

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => Join(list),
        JsonObject turn when (turn["content"] ?? turn["value"]) is { } content => Text(content),
        JsonObject fields => Join(fields.Select(field => field.Value)),
        _ => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(),
    };
}
