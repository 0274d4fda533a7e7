using System.Text.Json;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Rewards.Languages;

namespace Pipeline.Stages.Grpo;

/// <summary>
/// Writes the rollouts of the first step, of every tenth and of the last to <c>rollouts/step-000010.parquet</c>: enough to see
/// what the policy does, a tenth of the disk.
/// </summary>
/// <param name="folder">Where they lie.</param>
/// <param name="options">Number of steps, size of a group, and how languages are told if a term asks.</param>
public sealed class RolloutFiles(string folder, GrpoOptions options)
{
    private const int StepsPerFile = 10;

    private readonly ILanguageTeller? _teller = options.Rewards.Select(term => term.LanguageConsistency).FirstOrDefault(term => term is not null) is { } term
        ? ILanguageTeller.Of(term.Words, term.Languages) : null;

    /// <summary>Writes the step's file, if it is to have one.</summary>
    public void Write(int step, IReadOnlyList<Rollout> rollouts, IReadOnlyList<ScoredCompletion> scored, RewardGroups groups)
    {
        if (step == 1 || step % StepsPerFile == 0 || step == options.Steps)
            Dataset.Write(Path.Combine(folder, $"step-{step:D6}.parquet"), rollouts.Select((rollout, index) => Row(step, index, rollout, scored[index].Reward, groups)));
    }

    private RolloutRow Row(int step, int index, Rollout rollout, RewardBreakdown breakdown, RewardGroups groups)
    {
        var (prompt, completion) = (rollout.Completion.Prompt, rollout.Completion);
        var accuracy = breakdown.Scores.Values.FirstOrDefault(score => score.IsVerdict || score.Outcome == RewardOutcome.GoldUnparsable);
        return new RolloutRow
        {
            Step = step,
            PromptId = prompt.Row.ProblemId,
            Group = index / options.GroupSize,
            Prompt = prompt.Text,
            Completion = completion.Written,
            Length = completion.Tokens.Length,
            StopReason = completion.IsTruncated ? "length" : "eos",
            Reward = groups.Rewards[index],
            RewardStd = groups.GroupStds[index / options.GroupSize],
            Advantage = rollout.IsLearnt ? rollout.Advantage : double.NaN,
            ImportanceWeight = rollout.Importance(options.ImportanceCorrection),
            Rewards = breakdown.Scores.ToDictionary(score => score.Key,
                score => score.Value.Outcome == RewardOutcome.NotApplicable ? double.NaN : score.Value.Value),
            GroundTruth = prompt.Row.GroundTruth is { Length: > 0 } truth ? truth : null,
            Answer = accuracy.Answer,
            Outcome = accuracy.Outcome == RewardOutcome.Scored ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(accuracy.Outcome.ToString()),
            Language = prompt.Row.Language,
            Mixing = _teller is not null && prompt.Row.Language is { } language ? Mixing.Share(_teller, completion.Input.Text, language) : null,
        };
    }
}
