using Pipeline.Datasets.Ngrams;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Options;
using Pipeline.Rewards.Languages;
using Pipeline.Stages.RejectionSampling.Filters;

namespace Pipeline.Stages.RejectionSampling;

/// <summary>
/// The filters one after the other. A completion is dropped for the first that holds, so that the counts add up, and some
/// of what each drops is kept to be looked at.
/// </summary>
/// <param name="filters">In the order in which they are asked.</param>
internal sealed class Funnel(IReadOnlyList<ICompletionFilter> filters)
{
    private const int Examples = 3;
    private const int ExampleLength = 500;

    /// <summary>The filters that the options ask for.</summary>
    /// <param name="options">What is asked of a completion.</param>
    /// <param name="evaluation">Prompts that must not be trained on; null if none were given.</param>
    public static Funnel Of(RejectionSamplingOptions options, EvaluationNgrams? evaluation = null)
    {
        List<ICompletionFilter> filters = [new Truncated(), new ControlToken(), new Ungraded(), new NoAnswer(), new Unparsable(), new TimedOut(), new Wrong()];
        if (options.Format is { } profile) filters.Add(new OtherForm(profile));
        if (ILanguageTeller.Of(options.Words, options.Languages) is { } teller) filters.Add(new MixedLanguages(teller));
        filters.Add(new Repetitive(options.MaxRepetition));
        if (options.MaxParagraph is { } mostWords) filters.Add(new LongParagraph(mostWords));
        if (!options.AllowCode) filters.Add(new CodeBlock());
        if (options.MinLength > 1 || options.MaxLength is not null) filters.Add(new OtherLength(options.MinLength, options.MaxLength));
        filters.Add(new Duplicate());
        if (options.MaxSimilarity < 1) filters.Add(new Similar(options.MaxSimilarity));
        if (evaluation is not null) filters.Add(new Contaminated(evaluation));
        return new Funnel(filters);
    }

    /// <summary>What is left of the candidates, and what became of the others.</summary>
    public (IReadOnlyList<Candidate> Left, IReadOnlyList<FunnelStep> Steps) Pass(IReadOnlyList<Candidate> candidates)
    {
        var steps = new List<FunnelStep>(filters.Count + 1);
        foreach (var filter in filters)
        {
            var dropped = candidates.Where(filter.Drops).ToHashSet();
            candidates = [.. candidates.Where(candidate => !dropped.Contains(candidate))];
            steps.Add(Step(filter.Reason, filter.Rule, dropped, candidates));
        }
        return (candidates, steps);
    }

    /// <summary>A row of the report.</summary>
    public static FunnelStep Step(string reason, string rule, IReadOnlyCollection<Candidate> dropped, IReadOnlyCollection<Candidate> left) =>
        new(reason, rule, dropped.Count, left.Count, [.. dropped.Take(Examples).Select(Example)]);

    private static FunnelExample Example(Candidate candidate) =>
        new(Short(candidate.Completion.Prompt.Row.Prompt[^1].Content), Short(candidate.Text));

    private static string Short(string text) => text.Length <= ExampleLength ? text : $"{text[..ExampleLength]}…";
}
