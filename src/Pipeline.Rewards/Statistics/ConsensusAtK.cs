using Pipeline.Rewards.Answers;

namespace Pipeline.Rewards.Statistics;

/// <summary>Whether the answer most samples agree on is right; the paper's cons@64.</summary>
public static class ConsensusAtK
{
    /// <summary>
    /// Majority vote over the answers of one prompt. Equal answers are one (0.5 and 1/2); samples without an answer
    /// do not vote. A tie of m is broken by no order: it counts 1/m if the right answer is in it.
    /// </summary>
    /// <param name="answers">Final answers as found, null where there was none.</param>
    /// <param name="groundTruth">The right answer.</param>
    /// <returns>0 to 1; null if the ground truth cannot be parsed.</returns>
    public static double? Of(IEnumerable<string?> answers, string groundTruth)
    {
        if (MathAnswer.Parse(groundTruth) is not { } gold) return null;
        var votes = new List<(MathAnswer Answer, int Count)>();
        foreach (var answer in answers.Select(MathAnswer.Parse).OfType<MathAnswer>())
        {
            var at = votes.FindIndex(vote => vote.Answer.Answers(answer) == true && answer.Answers(vote.Answer) == true);
            if (at < 0) votes.Add((answer, 1));
            else votes[at] = (votes[at].Answer, votes[at].Count + 1);
        }
        if (votes.Count == 0) return 0;
        var most = votes.Max(vote => vote.Count);
        var leaders = votes.Where(vote => vote.Count == most).ToList();
        return leaders.Any(leader => leader.Answer.Answers(gold) == true) ? 1.0 / leaders.Count : 0;
    }
}
