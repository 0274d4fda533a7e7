using Pipeline.Datasets.Ngrams;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>
/// Its prompt or its text shares so many words in a row with a prompt that models are evaluated on; one with fewer words, but
/// at least three, it must not hold whole (DeepSeekMath, arXiv:2402.03300, section 2.1).
/// </summary>
internal sealed class Contaminated(EvaluationNgrams evaluation) : ICompletionFilter
{
    public string Reason => "contaminated";

    public string Rule => $"{evaluation.Length} words in a row of an evaluation prompt";

    public bool Drops(Candidate candidate) =>
        candidate.Completion.Prompt.Row.Prompt.Any(turn => evaluation.OccurIn(turn.Content)) || evaluation.OccurIn(candidate.Text);
}
