using System.Text.Json;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Rewards;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Evaluation.Problems;

namespace Pipeline.Stages.Evaluation;

/// <summary>What is said of one completion.</summary>
/// <param name="Problem">What was asked.</param>
/// <param name="Completion">What was answered.</param>
public sealed record Grade(Problem Problem, SampledCompletion Completion)
{
    /// <summary>Whether there was anything to compare with. What was not graded is not wrong.</summary>
    public bool IsGraded => Outcome is not (RewardOutcome.GoldUnparsable or RewardOutcome.NotApplicable);

    /// <summary>Whether its final answer is right.</summary>
    public required bool IsCorrect { get; init; }

    /// <summary>Right, wrong, no answer, or why it was not graded.</summary>
    public required RewardOutcome Outcome { get; init; }

    /// <summary>The final answer found, if there is one.</summary>
    public string? Answer { get; init; }

    /// <summary>Whether it has the expected form.</summary>
    public required bool HasForm { get; init; }

    /// <summary>Whether its chain of thought has words of another language than the prompt's; null if that is not measured.</summary>
    public bool? IsMixed { get; init; }

    /// <summary>Share of repeated 4-grams.</summary>
    public required double Repetition { get; init; }

    /// <summary>Whether it has a word of reflection.</summary>
    public required bool Reflects { get; init; }

    /// <summary>Whether it notices a wrong step and states it anew.</summary>
    public required bool Corrects { get; init; }

    /// <summary>The outcome as it is written in files.</summary>
    public string OutcomeName => JsonNamingPolicy.SnakeCaseLower.ConvertName(Outcome.ToString());

    /// <summary>As a row of the completions' table; its reward is correctness.</summary>
    /// <param name="group">Number of the prompt.</param>
    public RolloutRow ToRow(int group) => new()
    {
        Step = 0,
        PromptId = Completion.Prompt.Row.ProblemId,
        Group = group,
        Prompt = Completion.Prompt.Text,
        Completion = Completion.Written,
        Length = Completion.Input.Length,
        StopReason = Completion.IsTruncated ? "length" : "eos",
        Reward = IsCorrect ? 1 : 0,
        Advantage = double.NaN,
        Rewards = new Dictionary<string, double>
        {
            ["accuracy"] = IsCorrect ? 1 : 0, ["format"] = HasForm ? 1 : 0, ["repetition"] = Repetition, ["reflection"] = Reflects ? 1 : 0,
            ["correction"] = Corrects ? 1 : 0,
        },
        GroundTruth = Completion.Input.GroundTruth,
        Answer = Answer,
        Outcome = OutcomeName,
        Language = Completion.Input.Language,
        Mixing = IsMixed is { } mixed ? mixed ? 1 : 0 : null,
    };
}
