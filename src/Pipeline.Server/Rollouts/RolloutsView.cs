using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Server.Rollouts;

/// <summary>The rollouts of a step.</summary>
/// <param name="Step">The optimizer step that used them.</param>
/// <param name="Groups">The prompts, each with its completions.</param>
internal sealed record RolloutsView(long Step, IReadOnlyList<RolloutGroup> Groups)
{
    /// <summary>The rows, put together by group.</summary>
    public static RolloutsView Of(long step, IReadOnlyList<RolloutRow> rows) => new(step,
        [.. rows.GroupBy(row => row.Group).OrderBy(group => group.Key).Select(group => new RolloutGroup(
            group.Key, group.First().PromptId, group.First().Prompt, group.First().GroundTruth, [.. group.Select(CompletionView.Of)]))]);
}

/// <summary>A prompt and what the policy made of it.</summary>
/// <param name="Group">Its number within the step.</param>
/// <param name="PromptId">The problem.</param>
/// <param name="Prompt">The prompt with the template's markup.</param>
/// <param name="GroundTruth">The right answer; null if there is none.</param>
/// <param name="Completions">The completions.</param>
internal sealed record RolloutGroup(
    long Group, string PromptId, string Prompt, string? GroundTruth, IReadOnlyList<CompletionView> Completions);

/// <summary>A completion and what was thought of it. A number that is missing does not exist: JSON has no word for NaN.</summary>
/// <param name="Text">What the policy wrote.</param>
/// <param name="Length">Tokens.</param>
/// <param name="StopReason"><c>eos</c>, or <c>length</c> if it was cut off.</param>
/// <param name="Reward">The weighted sum.</param>
/// <param name="Advantage">Reward relative to the group.</param>
/// <param name="Rewards">Each reward function's score.</param>
/// <param name="Answer">The answer found in it.</param>
/// <param name="Outcome">What became of the accuracy check.</param>
/// <param name="Language">The language it should be in.</param>
/// <param name="Mixing">Share of words of another language.</param>
internal sealed record CompletionView(
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
