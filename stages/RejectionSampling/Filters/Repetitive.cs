using System.Globalization;
using Pipeline.Rewards;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>Too many of its 4-grams occurred before (Yeo et al., arXiv:2502.03373); R1-Zero repeats itself without end.</summary>
internal sealed class Repetitive(double most) : ICompletionFilter
{
    public string Reason => "repetition";

    public string Rule => string.Create(CultureInfo.InvariantCulture, $"more than {100 * most:0.#} % repeated 4-grams");

    public bool Drops(Candidate candidate) => Repetition.Share(candidate.Text) > most;
}
