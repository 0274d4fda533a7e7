using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Parquet;
using Pipeline.Rewards;

namespace Pipeline.Cli.Rewarding;

/// <summary>
/// A completion and what it is judged by, from any of the tables that people have: ours and TRL's rollouts (<c>prompt</c>,
/// <c>completion</c>, <c>ground_truth</c> or <c>solution</c>), verl's dumps (<c>input</c>, <c>output</c>, <c>gts</c>) and datasets
/// (<c>reward_model.ground_truth</c>), <c>response</c> and <c>answer</c> as many others call them.
/// </summary>
/// <param name="Input">The row as a reward sees it; null if it cannot be used.</param>
/// <param name="Problem">Why not.</param>
internal sealed record CompletionRow(RewardInput? Input, string? Problem) : IDatasetRow<CompletionRow>
{
    private static readonly string[] s_completions = ["completion", "response", "output"];
    private static readonly string[] s_prompts = ["prompt", "input", "question", "problem"];
    private static readonly string[] s_truths = ["ground_truth", "solution", "gts", "answer"];

    /// <summary>A row of JSON lines.</summary>
    public static CompletionRow Of(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject fields ? Of(fields) : new CompletionRow(null, "is not a JSON object");
        }
        catch (JsonException error) { return new CompletionRow(null, $"is not JSON ({error.Message})"); }
    }

    static void IDatasetRow<CompletionRow>.Write(ColumnWriter columns, IReadOnlyList<CompletionRow> rows) =>
        throw new NotSupportedException("Completions are read only; what is written has a score.");

    static CompletionRow[] IDatasetRow<CompletionRow>.Read(ColumnReader columns)
    {
        var rows = Enumerable.Range(0, columns.Rows).Select(_ => new JsonObject()).ToArray();
        foreach (var name in (string[])[.. s_completions, .. s_prompts, .. s_truths, "prefill", "ability", "language", "length"])
            if (columns.Has(name))
                foreach (var (row, value) in Values(columns, name).Index()) rows[row][name] = value;
        foreach (var (row, truth) in columns.OptionalText("reward_model/ground_truth").Index()) rows[row]["reward_model"] = new JsonObject { ["ground_truth"] = truth };
        foreach (var (row, language) in columns.OptionalText("extra_info/language").Index()) rows[row]["extra_info"] = new JsonObject { ["language"] = language };
        return [.. rows.Select(Of)];
    }

    private static IEnumerable<JsonNode?> Values(ColumnReader columns, string name) =>
        columns.IsText(name) ? columns.OptionalText(name).Select(value => (JsonNode?)value)
        : columns.IsInteger(name) ? columns.OptionalInteger(name).Select(value => (JsonNode?)value)
        : columns.IsNumber(name) ? columns.OptionalNumber(name).Select(value => (JsonNode?)value)
        : columns.Messages(name).Select(turns => (JsonNode?)new JsonArray([.. turns.Select(turn => new JsonObject { ["role"] = turn.Role, ["content"] = turn.Content })]));

    private static CompletionRow Of(JsonObject fields)
    {
        try
        {
            if (First(fields, s_completions) is not { } completion)
                return new CompletionRow(null, $"has none of the columns {string.Join(", ", s_completions)}");
            return new CompletionRow(new RewardInput
            {
                Prompt = First(fields, s_prompts) is { } prompt ? Text(prompt) : "",
                Completion = Text(completion),
                Prefill = Optional(fields["prefill"]) ?? "",
                GroundTruth = Optional(First(fields, s_truths) ?? (fields["reward_model"] as JsonObject)?["ground_truth"]),
                Ability = Optional(fields["ability"]),
                Language = Optional(fields["language"] ?? (fields["extra_info"] as JsonObject)?["language"]),
                Length = Optional(fields["length"]) is { } length ? (int)double.Parse(length, CultureInfo.InvariantCulture) : 0,
            }, null);
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException) { return new CompletionRow(null, error.Message); }
    }

    private static JsonNode? First(JsonObject fields, string[] names) => names.Select(name => fields[name]).FirstOrDefault(value => value is not null);

    private static string? Optional(JsonNode? value) => value is null ? null : Text(value);

    /// <summary>A text, a number as it is written, the contents of a conversation; tests of code may be JSON.</summary>
    private static string Text(JsonNode value) => value switch
    {
        JsonValue single when single.TryGetValue<string>(out var text) => text,
        JsonArray turns when turns.All(turn => turn is JsonObject && turn["content"] is JsonValue) => string.Join('\n', turns.Select(turn => turn!["content"]!.GetValue<string>())),
        _ => value.ToJsonString(),
    };
}
