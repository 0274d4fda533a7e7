using System.Globalization;
using Pipeline.Datasets.Ngrams;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>
/// It is nearly one that passed for the same prompt before: of the 5-grams of both, too many are in both (Jaccard index, as
/// Lee et al., "Deduplicating training data makes language models better", arXiv:2107.06499).
/// </summary>
/// <remarks>Computed in full where the paper estimates by MinHash: the completions of one prompt are few.</remarks>
internal sealed class Similar(double most) : ICompletionFilter
{
    private const int Ngram = 5;

    private readonly Dictionary<string, List<HashSet<ulong>>> _passed = [];

    public string Reason => "similar";

    public string Rule => string.Create(CultureInfo.InvariantCulture, $"shares more than {100 * most:0.#} % of its 5-grams with another of its prompt");

    public bool Drops(Candidate candidate)
    {
        var own = WordNgrams.Of(candidate.Text, Ngram);
        if (!_passed.TryGetValue(candidate.Prompt, out var others)) _passed[candidate.Prompt] = others = [];
        if (others.Any(other => Jaccard(own, other) > most)) return true;
        others.Add(own);
        return false;
    }

    private static double Jaccard(HashSet<ulong> a, HashSet<ulong> b)
    {
        var common = a.Count(b.Contains);
        return a.Count + b.Count == 0 ? 1 : common / (double)(a.Count + b.Count - common);
    }
}
