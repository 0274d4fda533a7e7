namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>It met the length limit: it would teach not to stop.</summary>
internal sealed class Truncated : ICompletionFilter
{
    public string Reason => "truncated";

    public string Rule => "met the length limit";

    public bool Drops(Candidate candidate) => candidate.Completion.IsTruncated;
}
