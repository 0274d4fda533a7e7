namespace Pipeline.Rewards;

/// <summary>
/// Minus the share of n-grams that occurred before in the same text:
/// <c>share = 1 - distinct n-grams / n-grams</c>, 0 for texts shorter than n words.
/// </summary>
/// <remarks>
/// The measure of E. Yeo et al., "Demystifying long chain-of-thought reasoning" (arXiv:2502.03373), and of Open-R1, whose
/// scale (<c>max_penalty</c>) is the term's weight here. Words are what stands between white space.
/// </remarks>
/// <param name="ngram">Words in an n-gram.</param>
public sealed class Repetition(int ngram = 4) : IRule
{
    /// <inheritdoc/>
    public string Name => "repetition";

    /// <inheritdoc/>
    public RewardScore Score(RewardInput input) => new(-Share(input.Text, ngram));

    /// <summary>Share of repeated n-grams, 0 to just below 1.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="ngram">Words in an n-gram, at least 1.</param>
    public static double Share(string text, int ngram = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ngram, 1);
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var total = words.Length - ngram + 1;
        if (total <= 0) return 0;
        var distinct = new HashSet<string>(StringComparer.Ordinal);
        for (var start = 0; start < total; start++) distinct.Add(string.Join(' ', words, start, ngram)); // no word holds a space
        return 1 - distinct.Count / (double)total;
    }
}
