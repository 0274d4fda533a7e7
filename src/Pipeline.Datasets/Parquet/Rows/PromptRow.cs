using Pipeline.Datasets.Chat;

namespace Pipeline.Datasets.Parquet.Rows;

/// <summary>
/// A prompt for reinforcement learning or evaluation, in verl's schema: <c>data_source</c>, <c>prompt</c> (messages),
/// <c>ability</c>, <c>reward_model: struct&lt;style, ground_truth&gt;</c>,
/// <c>extra_info: struct&lt;index, problem_id, language, split&gt;</c>.
/// </summary>
/// <remarks>
/// <c>extra_info</c> is a struct and not a JSON string: verl indexes it as a mapping (<c>extra_info.get("index")</c>), and
/// pandas and datasets hand a struct out as a dict. All of its members may be absent when reading.
/// </remarks>
/// <param name="Prompt">The turns before the completion.</param>
/// <param name="GroundTruth">What the accuracy reward compares with; empty for prompts that only a reward model judges.</param>
public sealed record PromptRow(IReadOnlyList<ChatMessage> Prompt, string GroundTruth) : IDatasetRow<PromptRow>
{
    /// <summary>The dataset the prompt is from; verl picks the reward function by it.</summary>
    public string DataSource { get; init; } = "unknown";

    /// <summary>The kind of task, e.g. <c>math</c>, <c>general</c>, <c>safety</c>.</summary>
    public string Ability { get; init; } = "math";

    /// <summary>How the completion is judged: <c>rule</c> or <c>model</c>.</summary>
    public string RewardStyle { get; init; } = "rule";

    /// <summary>The position in the source dataset, as verl wants it.</summary>
    public long Index { get; init; }

    /// <summary>Equal for prompts that pose the same problem; training and evaluation must have none in common.</summary>
    public string ProblemId { get; init; } = Rows.ProblemId.Of(Prompt);

    /// <summary>The language the completion should be in, e.g. <c>en</c>; null if nobody knows.</summary>
    public string? Language { get; init; }

    /// <summary><c>train</c> or <c>test</c>.</summary>
    public string? Split { get; init; }

    static void IDatasetRow<PromptRow>.Write(ColumnWriter columns, IReadOnlyList<PromptRow> rows)
    {
        columns.Text("data_source", rows.Select(row => row.DataSource));
        columns.Messages("prompt", rows.Select(row => row.Prompt));
        columns.Text("ability", rows.Select(row => row.Ability));
        columns.Struct("reward_model", members =>
        {
            members.Text("style", rows.Select(row => row.RewardStyle));
            members.Text("ground_truth", rows.Select(row => row.GroundTruth));
        });
        columns.Struct("extra_info", members =>
        {
            members.Integer("index", rows.Select(row => row.Index));
            members.Text("problem_id", rows.Select(row => row.ProblemId));
            members.OptionalText("language", rows.Select(row => row.Language));
            members.OptionalText("split", rows.Select(row => row.Split));
        });
    }

    static PromptRow[] IDatasetRow<PromptRow>.Read(ColumnReader columns)
    {
        var prompts = columns.Messages("prompt");
        var truths = columns.Text("reward_model/ground_truth");
        var styles = columns.OptionalText("reward_model/style");
        var sources = columns.OptionalText("data_source");
        var abilities = columns.OptionalText("ability");
        var indices = columns.OptionalInteger("extra_info/index");
        var problems = columns.OptionalText("extra_info/problem_id");
        var languages = columns.OptionalText("extra_info/language");
        var splits = columns.OptionalText("extra_info/split");
        return [.. prompts.Select((prompt, row) => new PromptRow(prompt, truths[row])
        {
            DataSource = sources[row] ?? "unknown",
            Ability = abilities[row] ?? "math",
            RewardStyle = styles[row] ?? "rule",
            Index = indices[row] ?? row,
            ProblemId = problems[row] ?? Rows.ProblemId.Of(prompt),
            Language = languages[row],
            Split = splits[row],
        })];
    }
}
