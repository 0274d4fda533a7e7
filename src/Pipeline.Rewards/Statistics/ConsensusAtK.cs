using Pipeline.Rewards.Answers;

namespace Pipeline.Rewards.Statistics;

/// <summary>Whether the answer most samples agree on is right; the paper's cons@64.</summary>
public static class ConsensusAtK
{
    /// <summary>
    /// Majority vote over the answers of one prompt. Equal numbers are one answer (0.5 and 1/2); samples without an answer
    /// do not vote. A tie of m is broken by no order: it counts 1/m if the right answer is in it.
    /// </summary>
    /// <param name="answers">Final answers as found, null where there was none.</param>
    /// <param name="groundTruth">The right answer.</param>
    /// <returns>0 to 1; null if the ground truth cannot be parsed.</returns>
    public static double? Of(IEnumerable<string?> answers, string groundTruth)
    {
        if (MathAnswer.Parse(groundTruth) is not { } gold) return null;
        var votes = answers.Select(MathAnswer.Parse).OfType<MathAnswer>().CountBy(answer => answer.Key).ToList();
        if (votes.Count == 0) return 0;
        var most = votes.Max(vote => vote.Value);
        var leaders = votes.Where(vote => vote.Value == most).Select(vote => vote.Key).ToList();
        return leaders.Contains(gold.Key) ? 1.0 / leaders.Count : 0;
    }
}
