using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.GenerateData.Sums;

/// <summary>Draws sums and keeps the held-out ones apart from those for training.</summary>
/// <param name="minTerms">Fewest terms.</param>
/// <param name="maxTerms">Most terms.</param>
/// <param name="heldOut">Share of the unordered problems that only evaluation may use.</param>
internal sealed class SumProblems(int minTerms, int maxTerms, double heldOut)
{
    /// <summary>A problem for training, with its terms in random order.</summary>
    public SumProblem ForTraining(Random random) => Draw(random, wantHeldOut: false);

    /// <summary>
    /// Held-out problems, no two of them the same unordered problem, alternately in each language.
    /// </summary>
    /// <exception cref="ConfigException">There are not that many.</exception>
    public IReadOnlyList<SumProblem> ForEvaluation(int count, Random random)
    {
        var chosen = new Dictionary<string, SumProblem>();
        // Each draw finds a new one with a probability that shrinks as they run out; 1,000 draws each is ample until then.
        for (var draws = 0L; chosen.Count < count; draws++)
        {
            if (draws > 1_000L * count) throw new ConfigException("NOT_ENOUGH_PROBLEMS",
                $"Only {chosen.Count} distinct held-out sums of {minTerms} to {maxTerms} terms exist, and evaluation_rows asks for {count}. "
                + "Raise max_terms or held_out, or lower evaluation_rows.");
            var problem = Draw(random, wantHeldOut: true) with { Phrases = Phrases.All[chosen.Count % Phrases.All.Count] };
            chosen.TryAdd(problem.Id, problem);
        }
        return [.. chosen.Values];
    }

    /// <summary>Whether only evaluation may use the problem: decided by its hash, so by the unordered terms alone.</summary>
    public bool IsHeldOut(SumProblem problem) =>
        Convert.ToUInt32(problem.Id[..8], 16) < heldOut * (1L << 32);

    private SumProblem Draw(Random random, bool wantHeldOut)
    {
        while (true)
        {
            var terms = new int[random.Next(minTerms, maxTerms + 1)];
            for (var i = 0; i < terms.Length; i++) terms[i] = random.Next(1, 10);
            var problem = new SumProblem(terms, Phrases.All[random.Next(Phrases.All.Count)]);
            if (IsHeldOut(problem) == wantHeldOut) return problem;
        }
    }
}
