using System.Text.Json.Serialization;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Server.Rollouts;

/// <summary>A prompt and what the policy made of it.</summary>
/// <param name="Group">Its number within the step.</param>
/// <param name="PromptId">The problem.</param>
/// <param name="Prompt">The prompt with the template's markup.</param>
/// <param name="GroundTruth">The right answer; null if there is none.</param>
/// <param name="Size">Number of its completions, also of those that are not shown.</param>
/// <param name="Correct">Number of those that were judged right.</param>
/// <param name="MeanReward">Mean of the rewards that are known; null if none is.</param>
/// <param name="RewardStd">Their standard deviation; 0 means that the group teaches nothing.</param>
/// <param name="Completions">The completions that are shown.</param>
internal sealed record RolloutGroup(
    long Group,
    string PromptId,
    string Prompt,
    string? GroundTruth,
    int Size,
    int Correct,
    double? MeanReward,
    double? RewardStd,
    IReadOnlyList<CompletionView> Completions)
{
    /// <summary>The rows of one prompt as a group.</summary>
    public static RolloutGroup Of(IEnumerable<RolloutRow> group)
    {
        RolloutRow[] rows = [.. group];
        double[] rewards = [.. rows.Select(row => row.Reward).Where(double.IsFinite)];
        double? mean = rewards.Length > 0 ? rewards.Average() : null;
        return new(
            rows[0].Group, rows[0].PromptId, rows[0].Prompt, rows[0].GroundTruth, rows.Length, rows.Count(row => row.Outcome == "correct"),
            mean, mean is { } middle ? Math.Sqrt(rewards.Average(reward => (reward - middle) * (reward - middle))) : null,
            [.. rows.Select(CompletionView.Of)]);
    }
}

/// <summary>A completion and what was thought of it. A number that is missing does not exist: JSON has no word for NaN.</summary>
/// <param name="Row">The row it is made of.</param>
/// <param name="Text">What the policy wrote.</param>
/// <param name="Length">Tokens; 0 if nobody counted them.</param>
/// <param name="StopReason"><c>eos</c>, or <c>length</c> if it was cut off.</param>
/// <param name="Reward">The weighted sum.</param>
/// <param name="Advantage">Reward relative to the group.</param>
/// <param name="Rewards">Each reward function's score.</param>
/// <param name="Answer">The answer found in it.</param>
/// <param name="Outcome">What became of the accuracy check.</param>
/// <param name="Language">The language it should be in.</param>
/// <param name="Mixing">Share of words of another language.</param>
internal sealed record CompletionView(
    [property: JsonIgnore] RolloutRow Row,
    string Text,
    long Length,
    string StopReason,
    double? Reward,
    double? Advantage,
    IReadOnlyDictionary<string, double?> Rewards,
    string? Answer,
    string? Outcome,
    string? Language,
    double? Mixing)
{
    /// <summary>The row as a completion of its group.</summary>
    public static CompletionView Of(RolloutRow row) => new(
        row,
        row.Completion,
        row.Length,
        row.StopReason,
        Finite(row.Reward),
        Finite(row.Advantage),
        row.Rewards.ToDictionary(reward => reward.Key, reward => Finite(reward.Value)),
        row.Answer,
        row.Outcome,
        row.Language,
        row.Mixing is { } mixing ? Finite(mixing) : null);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
