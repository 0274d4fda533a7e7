namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>The same text passed for the same prompt before.</summary>
internal sealed class Duplicate : ICompletionFilter
{
    private readonly HashSet<(string Prompt, string Text)> _seen = [];

    public string Reason => "duplicate";

    public string Rule => "the same text for the same prompt";

    public bool Drops(Candidate candidate) => !_seen.Add((candidate.Prompt, candidate.Text));
}
