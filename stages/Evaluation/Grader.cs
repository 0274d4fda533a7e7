using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Rewards.Languages;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Evaluation.Problems;

namespace Pipeline.Stages.Evaluation;

/// <summary>Measures single completions by rules.</summary>
/// <param name="options">Where the answer stands, which form is expected, which words tell a language and reflection.</param>
public sealed class Grader(EvaluationOptions options)
{
    private readonly Accuracy _accuracy = new(options.Answer);
    private readonly Format _format = Format.Of(options.Format);
    private readonly WordLists? _words = options.Words is null ? null : new WordLists(options.Words);
    private readonly Reflection _reflection = new(options.ReflectionWords);
    private readonly SelfCorrection _correction = new(options.ReflectionWords);

    /// <summary>Grades a completion of a problem.</summary>
    public Grade Grade(Problem problem, SampledCompletion completion)
    {
        var text = completion.Input.Text;
        var accuracy = _accuracy.Score(completion.Input);
        return new Grade(problem, completion)
        {
            IsCorrect = accuracy.Outcome == RewardOutcome.Correct,
            Outcome = accuracy.Outcome,
            Answer = accuracy.Answer,
            HasForm = _format.Holds(text),
            IsMixed = _words is null || completion.Input.Language is not { } language ? null : Mixing.Share(_words, text, language) > 0,
            Repetition = Repetition.Share(text),
            Reflects = _reflection.Count(text) > 0,
            Corrects = _correction.IsIn(text),
        };
    }
}
