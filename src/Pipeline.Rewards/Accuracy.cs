using Pipeline.Protocol.Options;
using Pipeline.Rewards.Answers;

namespace Pipeline.Rewards;

/// <summary>
/// 1 if the final answer equals the ground truth, else 0 (DeepSeek-R1, arXiv:2501.12948, section 2.2.2). Compared
/// mathematically: 1/2 = 0.5 = \frac12 = 50%, \sqrt8 = 2\sqrt2, x + 1 = 1 + x.
/// </summary>
/// <remarks>
/// Departs from the paper in what happens to a ground truth nobody could match (blank, torn LaTeX): it has no score and
/// is counted, where a 0 would punish right answers.
/// </remarks>
/// <param name="form">Where the final answer is looked for.</param>
public sealed class Accuracy(AnswerForm form = AnswerForm.Any) : IRule
{
    /// <inheritdoc/>
    public string Name => "accuracy";

    /// <inheritdoc/>
    public RewardScore Score(RewardInput input)
    {
        if (input.GroundTruth is null) return RewardScore.NotApplicable;
        var found = FinalAnswer.Find(input.Text, form);
        if (MathAnswer.Parse(input.GroundTruth) is not { } gold) return new(double.NaN, RewardOutcome.GoldUnparsable, found);
        if (found is null) return new(0, RewardOutcome.NoAnswer);
        if (MathAnswer.Parse(found) is not { } answer) return new(0, RewardOutcome.AnswerUnparsable, found);
        return answer.Answers(gold) switch
        {
            true => new(1, RewardOutcome.Correct, found),
            false => new(0, RewardOutcome.Wrong, found),
            null => new(0, RewardOutcome.Timeout, found),
        };
    }
}
