using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Rewards.Languages;
using Pipeline.Stages.Completions;

namespace Pipeline.Stages.RejectionSampling;

/// <summary>Decides which completions are worth learning from.</summary>
/// <param name="options">What is asked of them.</param>
public sealed class CompletionFilter(RejectionSamplingOptions options)
{
    private readonly Accuracy _accuracy = new(options.Answer);
    private readonly Format? _format = options.Format is { } profile ? Format.Of(profile) : null;
    private readonly WordLists? _words = options.Words is null ? null : new WordLists(options.Words);
    private readonly HashSet<(string Prompt, string Text)> _seen = [];
    private readonly Dictionary<string, int> _keptOfPrompt = [];

    /// <summary>Every reason, in the order in which they are looked for.</summary>
    public static IReadOnlyList<string> Reasons { get; } =
        ["truncated", "control_token", "ungraded", "wrong", "format", "language", "repetition", "duplicate", "surplus"];

    /// <summary>Why the completion is dropped; null if it is kept. Asks for each completion once, in order.</summary>
    public string? ReasonToDrop(SampledCompletion completion)
    {
        var (prompt, text) = (completion.Prompt.Text, completion.Input.Text);
        if (completion.IsTruncated) return "truncated";
        if (completion.HasControlTokens) return "control_token";
        switch (_accuracy.Score(completion.Input).Outcome)
        {
            case RewardOutcome.NotApplicable: return "ungraded";
            case not RewardOutcome.Correct: return "wrong";
        }
        if (_format?.Holds(text) == false) return "format";
        if (_words is not null && completion.Input.Language is { } language && Mixing.Share(_words, text, language) > 0) return "language";
        if (Repetition.Share(text) > options.MaxRepetition) return "repetition";
        if (!_seen.Add((prompt, text))) return "duplicate";
        if (_keptOfPrompt.GetValueOrDefault(prompt) == options.KeepPerPrompt) return "surplus";
        _keptOfPrompt[prompt] = _keptOfPrompt.GetValueOrDefault(prompt) + 1;
        return null;
    }
}
