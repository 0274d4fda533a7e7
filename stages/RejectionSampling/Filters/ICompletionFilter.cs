namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>One reason to drop a completion.</summary>
internal interface ICompletionFilter
{
    /// <summary>Its name in counts and reports.</summary>
    string Reason { get; }

    /// <summary>What it drops, for a person who reads the report.</summary>
    string Rule { get; }

    /// <summary>Whether it drops the completion. Asked once for each that is left, in the order of sampling.</summary>
    bool Drops(Candidate candidate);
}
