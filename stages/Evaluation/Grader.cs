using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Rewards.Languages;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Evaluation.Problems;

namespace Pipeline.Stages.Evaluation;

/// <summary>Measures single completions by rules.</summary>
/// <param name="options">Where the answer stands, how programs are run, which form is expected, which words tell a language and reflection.</param>
public sealed class Grader(EvaluationOptions options)
{
    private readonly Verifier _verifier = new(options.Answer, options.Code);
    private readonly Format _format = Format.Of(options.Format);
    private readonly ILanguageTeller? _teller = ILanguageTeller.Of(options.Words, options.Languages);
    private readonly Reflection _reflection = new(options.ReflectionWords);
    private readonly SelfCorrection _correction = new(options.ReflectionWords);

    /// <summary>Grades completions, each of a problem. Programs in them are run at the same time, as many as there are processors.</summary>
    public IReadOnlyList<Grade> Grade(IReadOnlyList<(Problem Problem, SampledCompletion Completion)> answers)
    {
        var scores = _verifier.ScoreAsync([.. answers.Select(one => one.Completion.Input)], CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return [.. answers.Zip(scores, (one, score) => Grade(one.Problem, one.Completion, score))];
    }

    private Grade Grade(Problem problem, SampledCompletion completion, RewardScore accuracy)
    {
        var text = completion.Input.Text;
        return new Grade(problem, completion)
        {
            IsCorrect = accuracy.Outcome == RewardOutcome.Correct,
            Outcome = accuracy.Outcome,
            Answer = accuracy.Answer,
            HasForm = _format.Holds(text),
            IsMixed = _teller is null || completion.Input.Language is not { } language ? null : Mixing.Share(_teller, text, language) > 0,
            Repetition = Repetition.Share(text),
            Reflects = _reflection.Count(text) > 0,
            Corrects = _correction.IsIn(text),
        };
    }
}
