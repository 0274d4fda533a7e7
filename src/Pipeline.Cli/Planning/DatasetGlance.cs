using System.Text.Json;
using Pipeline.Datasets;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Contents;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Sources;
using Pipeline.Datasets.Tables;
using Pipeline.Datasets.Tokenization;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Planning;

/// <summary>What a dataset that is there already looks like to the stage that will read it.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Input">Its input.</param>
/// <param name="Path">Where the dataset is.</param>
internal sealed record DatasetGlance(string Stage, string Input, string Path)
{
    /// <summary>Rows looked at for lengths and problems.</summary>
    private const int RowsToLookAt = 1000;

    private const int ProblemsToTell = 5;

    /// <summary>All rows; null if that would take reading the whole file.</summary>
    public long? Rows { get; private init; }

    /// <summary>Columns and what they hold.</summary>
    public IReadOnlyList<string> Columns { get; private init; } = [];

    /// <summary>Rows that were looked at, from the beginning.</summary>
    public int Looked { get; private init; }

    /// <summary>Characters of these rows, prompt and answer together, on the average.</summary>
    public double? MeanCharacters { get; private init; }

    /// <summary>Tokens of these rows on the average; null where the tokenizer is not there yet.</summary>
    public double? MeanTokens { get; private init; }

    /// <summary>Tokens of the longest of these rows.</summary>
    public int? LongestTokens { get; private init; }

    /// <summary>The first row as the model's chat template writes it; null where there is none yet.</summary>
    public string? FirstRow { get; private init; }

    /// <summary>What the stage would stumble over or leave out.</summary>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Looks at a dataset.</summary>
    /// <param name="stage">Who will read it.</param>
    /// <param name="input">Under which name.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="model">The model's folder, for tokenizer and template; null if it is not there yet.</param>
    public static DatasetGlance Of(ResolvedStage stage, string input, string path, string? model)
    {
        var glance = new DatasetGlance(stage.Instance, input, path);
        var warnings = new List<string>();
        try
        {
            var table = Table.Open(path);
            if (table.Extension != ".parquet" && stage.Uses != "evaluation")
                warnings.Add($"stages read Parquet: `pipeline dataset convert {path} -o …` makes it");
            var looked = table.Rows().Take(RowsToLookAt).ToList();
            glance = glance with { Rows = table.Extension == ".parquet" ? Dataset.Count(path) : null, Looked = looked.Count };
            warnings.AddRange(Problems(stage, table, looked));
            var readable = looked.Where(row => row.Fields is not null).ToList();
            if (readable.Count > 0)
            {
                var texts = readable.Select(row => RowText.Of(row.Fields!).Whole).ToList();
                glance = glance with { Columns = [.. readable[0].Fields!.Select(field => field.Key)], MeanCharacters = texts.Average(text => text.Length) };
                if (model is not null && File.Exists(System.IO.Path.Combine(model, "tokenizer.json"))) glance = glance.WithTokens(stage, texts, readable[0], model, warnings);
            }
        }
        catch (DatasetException error) { warnings.Add(error.Message); }
        return glance with { Warnings = warnings };
    }

    /// <summary>Rows of the first ones that are not what the stage reads.</summary>
    private static IEnumerable<string> Problems(ResolvedStage stage, Table table, List<TableRow> looked)
    {
        string[] wanted = stage.Uses switch
        {
            "sft" or "distillation" => ["messages", "trl-completion"],
            "grpo" or "rejection_sampling" => ["verl"],
            "dpo" => ["preference"],
            "reward_model" => stage.Options["objective"]?.ToString() == "pointwise" ? ["trl-label"] : ["preference"],
            "pretrain" => ["text"],
            _ => [],
        };
        if (wanted.Length == 0 || looked.Count == 0) yield break;
        var fitting = SourceSchemas.Detect(table, Renaming.None);
        if (fitting.FirstOrDefault(schema => wanted.Contains(schema.Name)) is not { } schema)
        {
            var columns = looked.FirstOrDefault(row => row.Fields is not null)?.Fields!.Select(field => field.Key) ?? [];
            yield return $"row {looked[0].Number} has the columns {string.Join(", ", columns)}, but {stage.Uses} reads {SourceSchemas.Named(wanted[0]).Summary}; `pipeline dataset convert` makes it of {fitting[0].Name}";
            yield break;
        }
        var problems = new List<RowProblem>();
        new Conversion(table, schema, Renaming.None, "", problems.Add) { Sample = looked }.Check();
        foreach (var problem in problems.Take(ProblemsToTell)) yield return problem.ToString();
        if (problems.Count > ProblemsToTell) yield return $"… and {problems.Count - ProblemsToTell} more of the first {looked.Count} rows";
    }

    private DatasetGlance WithTokens(ResolvedStage stage, List<string> texts, TableRow first, string model, List<string> warnings)
    {
        var tokenizer = Tokenizer.Load(model);
        var lengths = texts.Select(text => tokenizer.Encode(text).Length).ToList();
        if (stage.Options["max_length"] is { } option && option.GetValueKind() == JsonValueKind.Number && lengths.Count(length => length > option.GetValue<int>()) is > 0 and var longer)
            warnings.Add($"{longer} of the first {lengths.Count} rows are longer than {option} tokens (max_length) and will be left out");
        return this with { MeanTokens = lengths.Average(), LongestTokens = lengths.Max(), FirstRow = Rendered(stage, first, model, tokenizer, warnings) };
    }

    private static string? Rendered(ResolvedStage stage, TableRow row, string model, Tokenizer tokenizer, List<string> warnings)
    {
        if (stage.Options["chat_template"] is not null || Turns(row) is not { Count: > 0 } turns) return null; // the stage's own template takes its place
        try { return ChatTemplate.Load(model, tokenizer).Render(turns, addGenerationPrompt: turns[^1].Role != ChatMessage.AssistantRole); }
        catch (DatasetException error)
        {
            warnings.Add($"row {row.Number} cannot be written by the model's chat template: {error.Message}");
            return null;
        }
    }

    private static List<ChatMessage>? Turns(TableRow row) => (row.Fields!["messages"] ?? row.Fields["prompt"]) is System.Text.Json.Nodes.JsonArray turns
        ? [.. turns.Select(turn => new ChatMessage(turn?["role"]?.ToString() ?? "", turn?["content"]?.ToString() ?? ""))]
        : null;
}
