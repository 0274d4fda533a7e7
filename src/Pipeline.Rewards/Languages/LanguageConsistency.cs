namespace Pipeline.Rewards.Languages;

/// <summary>
/// Words of the target language / words, measured on the chain of thought (DeepSeek-R1, arXiv:2501.12948, section 2.3.2;
/// v2, equation 7). The target is the language of the prompt.
/// </summary>
/// <remarks>
/// Where there is no word at all the paper's proportion is 0/0; here it is 0, since 1 would reward a policy for thinking
/// nothing. The paper does not say how words are told; here by lists, or detected in running text, see <see cref="ILanguageTeller"/>.
/// </remarks>
/// <param name="teller">Tells languages.</param>
public sealed class LanguageConsistency(ILanguageTeller teller) : IRule
{
    /// <inheritdoc/>
    public string Name => "language_consistency";

    /// <inheritdoc/>
    /// <exception cref="RewardException">The prompt's language is not known.</exception>
    public RewardScore Score(RewardInput input)
    {
        if (input.Language is null) return RewardScore.NotApplicable;
        var count = teller.Count(Thinking.Of(input.Text), input.Language);
        return new(count.Total == 0 ? 0 : count.Own / (double)count.Total);
    }
}
