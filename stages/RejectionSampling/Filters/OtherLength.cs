namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>It is shorter or longer than the student is to learn, in tokens with the end token.</summary>
internal sealed class OtherLength(int least, int? most) : ICompletionFilter
{
    public string Reason => "length";

    public string Rule => most is { } limit ? $"not between {least} and {limit} tokens" : $"fewer than {least} tokens";

    public bool Drops(Candidate candidate) => candidate.Completion.Input.Length is var tokens && (tokens < least || tokens > most);
}
