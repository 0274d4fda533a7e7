using Pipeline.Rewards.Languages;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>
/// Its chain of thought has words of another language than the prompt's (DeepSeek-R1, section 2.3.3: "mixed languages"). A
/// prompt whose language nobody knows drops nothing.
/// </summary>
internal sealed class MixedLanguages(ILanguageTeller teller) : ICompletionFilter
{
    public string Reason => "language";

    public string Rule => "words of another language than the prompt's";

    public bool Drops(Candidate candidate) =>
        candidate.Completion.Input.Language is { } language && Mixing.Share(teller, candidate.Text, language) > 0;
}
