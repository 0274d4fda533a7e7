using System.Globalization;

namespace Pipeline.Datasets.Parquet.Rows;

/// <summary>
/// One sampled completion with all that was thought of it. Columns are those of TRL's completions table (<c>step</c>,
/// <c>prompt</c>, <c>completion</c>, one column per reward function under its name, <c>advantage</c>) and some more.
/// </summary>
/// <remarks>
/// Reward columns are the floating-point columns that have none of the fixed names, so a reward must not bear one of
/// those; all rows of a file have the same rewards. A table that TRL wrote is read as well: what it does not have is made
/// of what it has (the reward as the sum of its rewards, groups as rows of one step with the same prompt that follow one
/// another) or left empty.
/// </remarks>
public sealed record RolloutRow : IDatasetRow<RolloutRow>
{
    private static readonly string[] s_fixedColumns =
    [
        "step", "prompt_id", "group", "prompt", "completion", "length", "stop_reason", "reward", "advantage",
        "ground_truth", "answer", "outcome", "language", "mixing", "reward_std", "importance_weight",
    ];

    /// <summary>The optimizer step that used it; 0 outside training.</summary>
    public required long Step { get; init; }

    /// <summary>The problem, as <see cref="PromptRow.ProblemId"/>.</summary>
    public required string PromptId { get; init; }

    /// <summary>The group within the step: completions of one prompt share it.</summary>
    public required long Group { get; init; }

    /// <summary>The rendered prompt, with the template's markup.</summary>
    public required string Prompt { get; init; }

    /// <summary>What the policy wrote, decoded with its special tokens.</summary>
    public required string Completion { get; init; }

    /// <summary>Tokens in the completion, the end-of-sequence token included.</summary>
    public required long Length { get; init; }

    /// <summary><c>eos</c>, or <c>length</c> if the completion was cut off.</summary>
    public required string StopReason { get; init; }

    /// <summary>The weighted sum the advantage is made of.</summary>
    public required double Reward { get; init; }

    /// <summary>Reward relative to the group; NaN where nothing was trained.</summary>
    public required double Advantage { get; init; }

    /// <summary>Standard deviation of the rewards of its group; null outside training.</summary>
    public double? RewardStd { get; init; }

    /// <summary>How likely the trainer's policy was to sample it, by the sampler's odds, cut off above; null without that correction.</summary>
    public double? ImportanceWeight { get; init; }

    /// <summary>Each reward function's score before weighting, NaN where it had none to give.</summary>
    public IReadOnlyDictionary<string, double> Rewards { get; init; } = new Dictionary<string, double>();

    /// <summary>The answer that would have been right, if there is one.</summary>
    public string? GroundTruth { get; init; }

    /// <summary>The answer found in the completion, if there was one.</summary>
    public string? Answer { get; init; }

    /// <summary>What became of the accuracy check: <c>correct</c>, <c>wrong</c>, <c>no_answer</c>, <c>answer_unparsable</c>, <c>gold_unparsable</c>, <c>timeout</c>; null without one.</summary>
    public string? Outcome { get; init; }

    /// <summary>The language the completion should have been in.</summary>
    public string? Language { get; init; }

    /// <summary>Share of the words of the reasoning that are of another language; null if it has no words.</summary>
    public double? Mixing { get; init; }

    static void IDatasetRow<RolloutRow>.Write(ColumnWriter columns, IReadOnlyList<RolloutRow> rows)
    {
        var rewards = rows[0].Rewards.Keys.Order(StringComparer.Ordinal).ToArray();
        Check(rewards, rows);
        columns.Integer("step", rows.Select(row => row.Step));
        columns.Text("prompt_id", rows.Select(row => row.PromptId));
        columns.Integer("group", rows.Select(row => row.Group));
        columns.Text("prompt", rows.Select(row => row.Prompt));
        columns.Text("completion", rows.Select(row => row.Completion));
        foreach (var name in rewards) columns.Number(name, rows.Select(row => row.Rewards[name]));
        columns.Number("reward", rows.Select(row => row.Reward));
        columns.Number("advantage", rows.Select(row => row.Advantage));
        columns.Integer("length", rows.Select(row => row.Length));
        columns.Text("stop_reason", rows.Select(row => row.StopReason));
        columns.OptionalText("ground_truth", rows.Select(row => row.GroundTruth));
        columns.OptionalText("answer", rows.Select(row => row.Answer));
        columns.OptionalText("outcome", rows.Select(row => row.Outcome));
        columns.OptionalText("language", rows.Select(row => row.Language));
        columns.OptionalNumber("mixing", rows.Select(row => row.Mixing));
        columns.OptionalNumber("reward_std", rows.Select(row => row.RewardStd));
        columns.OptionalNumber("importance_weight", rows.Select(row => row.ImportanceWeight));
    }

    static RolloutRow[] IDatasetRow<RolloutRow>.Read(ColumnReader columns)
    {
        var rewards = columns.Names.Where(columns.IsNumber).Except(s_fixedColumns)
            .ToDictionary(name => name, name => columns.OptionalNumber(name));
        var steps = columns.IsText("step") ? [.. columns.Text("step").Select(StepOf)] : columns.Integer("step");
        var prompts = Written(columns, "prompt");
        var completions = Written(columns, "completion");
        var promptIds = columns.OptionalText("prompt_id");
        var groups = columns.Has("group") ? columns.Integer("group") : Groups(steps, prompts);
        var totals = columns.OptionalNumber("reward");
        var advantages = columns.OptionalNumber("advantage");
        var lengths = columns.OptionalInteger("length");
        var stopReasons = columns.OptionalText("stop_reason");
        var truths = columns.OptionalText("ground_truth");
        var answers = columns.OptionalText("answer");
        var outcomes = columns.OptionalText("outcome");
        var languages = columns.OptionalText("language");
        var mixing = columns.OptionalNumber("mixing");
        var stds = columns.OptionalNumber("reward_std");
        var weights = columns.OptionalNumber("importance_weight");
        return [.. Enumerable.Range(0, columns.Rows).Select(row => new RolloutRow
        {
            Step = steps[row], PromptId = promptIds[row] ?? ProblemId.Of(prompts[row]), Group = groups[row],
            Prompt = prompts[row], Completion = completions[row],
            Length = lengths[row] ?? 0, StopReason = stopReasons[row] ?? "",
            Reward = totals[row] ?? rewards.Values.Sum(values => values[row] ?? 0), Advantage = advantages[row] ?? double.NaN,
            Rewards = rewards.ToDictionary(pair => pair.Key, pair => pair.Value[row] ?? double.NaN),
            GroundTruth = truths[row], Answer = answers[row], Outcome = outcomes[row],
            Language = languages[row], Mixing = mixing[row],
            RewardStd = stds[row], ImportanceWeight = weights[row],
        })];
    }

    // TRL writes the step as text, and either text or turns.
    private static long StepOf(string text) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var step)
        ? step
        : throw new DatasetException(DatasetErrors.ColumnType, $"Column 'step' should hold integers, but holds '{text}'. Convert the dataset.");

    private static string[] Written(ColumnReader columns, string name) => columns.IsText(name)
        ? columns.Text(name)
        : [.. columns.Messages(name).Select(turns => turns is [var only] ? only.Content : string.Join('\n', turns.Select(turn => $"{turn.Role}: {turn.Content}")))];

    private static long[] Groups(long[] steps, string[] prompts)
    {
        var groups = new long[steps.Length];
        for (var row = 1; row < groups.Length; row++)
            groups[row] = groups[row - 1] + (steps[row] == steps[row - 1] && prompts[row] == prompts[row - 1] ? 0 : 1);
        return groups;
    }

    private static void Check(string[] rewards, IReadOnlyList<RolloutRow> rows)
    {
        if (rewards.Intersect(s_fixedColumns).FirstOrDefault() is { } taken) throw new DatasetException(
            DatasetErrors.RewardColumns, $"A reward is named '{taken}', which is a column of every rollout table. Name it otherwise.");
        foreach (var row in rows)
        {
            if (row.Rewards.Count == rewards.Length && rewards.All(row.Rewards.ContainsKey)) continue;
            var own = string.Join(", ", row.Rewards.Keys.Order(StringComparer.Ordinal));
            throw new DatasetException(DatasetErrors.RewardColumns,
                $"The rollouts of step {row.Step} have the rewards {own}, others have {string.Join(", ", rewards)}. "
                + "Rows of one file must have the same; use NaN for a score that is missing.");
        }
    }
}
