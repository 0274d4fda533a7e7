using Pipeline.Protocol.Options;

namespace Pipeline.Rewards;

/// <summary>
/// <c>long + (short - long) (1 + cos(pi length / limit)) / 2</c>, with other ends for right answers than for wrong ones, and a
/// score of its own for what reaches the limit. E. Yeo et al., "Demystifying long chain-of-thought reasoning" (arXiv:2502.03373), section 4.
/// </summary>
/// <param name="options">The limit and the scores.</param>
/// <param name="accuracy">Tells right from wrong.</param>
public sealed class CosineLength(CosineLengthTerm options, Accuracy accuracy) : IRule
{
    /// <inheritdoc/>
    public string Name => "cosine_length";

    /// <inheritdoc/>
    public RewardScore Score(RewardInput input)
    {
        var judged = accuracy.Score(input);
        if (judged.Outcome == RewardOutcome.NotApplicable || double.IsNaN(judged.Value)) return judged;
        if (input.Length >= options.Limit) return judged with { Value = options.AtLimit };
        var (atStart, atEnd) = judged.Outcome == RewardOutcome.Correct ? (options.RightShort, options.RightLong) : (options.WrongShort, options.WrongLong);
        return judged with { Value = atEnd + (atStart - atEnd) * (1 + Math.Cos(Math.PI * input.Length / options.Limit)) / 2 };
    }
}
