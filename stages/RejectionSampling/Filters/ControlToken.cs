namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>It has markup between turns within the answer: it would teach to speak for the user.</summary>
internal sealed class ControlToken : ICompletionFilter
{
    public string Reason => "control_token";

    public string Rule => "markup between turns within the answer";

    public bool Drops(Candidate candidate) => candidate.Completion.HasControlTokens;
}
