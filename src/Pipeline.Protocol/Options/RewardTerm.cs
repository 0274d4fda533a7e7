using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Pipeline.Protocol.Options;

/// <summary>One term of the reward: exactly one of these is set.</summary>
[ExactlyOne]
public sealed record RewardTerm
{
    /// <summary>1 if the final answer equals the ground truth, else 0. Rule-based, as in the paper.</summary>
    public AccuracyTerm? Accuracy { get; init; }

    /// <summary>1 if the completion has the expected form, else 0.</summary>
    public FormatTerm? Format { get; init; }

    /// <summary>Share of the words of the chain of thought that are of the prompt's language (paper, reasoning RL).</summary>
    public LanguageConsistencyTerm? LanguageConsistency { get; init; }

    /// <summary>Minus the share of repeated n-grams.</summary>
    public RepetitionTerm? Repetition { get; init; }

    /// <summary>Minus how far the completion reaches into the last tokens before the limit, so that it learns to end in time.</summary>
    public SoftOverlongTerm? SoftOverlong { get; init; }

    /// <summary>The score of a trained reward model, through a sigmoid.</summary>
    public RewardModelTerm? RewardModel { get; init; }

    /// <summary>The term that is set.</summary>
    /// <exception cref="InvalidOperationException">None or several are set.</exception>
    public RewardTermOptions Set() =>
        new RewardTermOptions?[] { Accuracy, Format, LanguageConsistency, Repetition, SoftOverlong, RewardModel }.OfType<RewardTermOptions>().ToArray() is [var only]
            ? only
            : throw new InvalidOperationException("A reward term names exactly one reward.");
}

/// <summary>What every reward term has.</summary>
public abstract record RewardTermOptions
{
    /// <summary>Factor in the sum. Default 1, equal weights as in the paper.</summary>
    [Range(-1000.0, 1000.0)] public double Weight { get; init; } = 1;

    /// <summary>Counts only for prompts of these abilities (column <c>ability</c>). Default all.</summary>
    public IReadOnlyList<string>? Abilities { get; init; }

    /// <summary>
    /// Counts only where the answer is right, so that it cannot be bought with wrong answers. Default false. Prompts
    /// without a ground truth are not held to it.
    /// </summary>
    public bool OnlyIfCorrect { get; init; }

    /// <summary>Counts from this step on (the paper adds preference rewards in the last 400 of 1,700 steps). Default 0.</summary>
    [Range(0, int.MaxValue)] public int FromStep { get; init; }

    /// <summary>Counts in this many last steps only, whatever their number: 400 in the paper. Default all.</summary>
    [Range(1, int.MaxValue)] public int? LastSteps { get; init; }

    /// <summary>The first step in which it counts.</summary>
    /// <param name="steps">Steps in all; null where there are none, as in an evaluation.</param>
    public int FirstStep(int? steps) => Math.Max(FromStep, LastSteps is { } last && steps is { } all ? all - last + 1 : 0);
}

/// <summary>1 if the final answer equals the ground truth, compared mathematically, else 0.</summary>
public sealed record AccuracyTerm : RewardTermOptions
{
    /// <summary>Where the answer is looked for. Default tags, then <c>\boxed{}</c>.</summary>
    public AnswerForm Answer { get; init; } = AnswerForm.Any;
}

/// <summary>1 if the completion has the expected form, else 0.</summary>
public sealed record FormatTerm : RewardTermOptions
{
    /// <summary>The form. Default <c>r1-zero</c>.</summary>
    public FormatProfile Profile { get; init; } = FormatProfile.R1Zero;

    /// <summary>A regular expression that the whole completion must match, in place of the profile. Default none.</summary>
    public string? Pattern { get; init; }
}

/// <summary>The form a completion is expected to have.</summary>
public enum FormatProfile
{
    /// <summary><c>&lt;think&gt;…&lt;/think&gt;&lt;answer&gt;…&lt;/answer&gt;</c>.</summary>
    [JsonStringEnumMemberName("r1-zero")] R1Zero,

    /// <summary><c>&lt;think&gt;…&lt;/think&gt;</c> and then an answer in free form.</summary>
    R1,
}

/// <summary>Words of the chain of thought in the prompt's language / words of any known language.</summary>
public sealed record LanguageConsistencyTerm : RewardTermOptions
{
    /// <summary>Words that tell a language, by language code. A word that is in no list is not counted.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Words { get; init; }
}

/// <summary>Minus the share of n-grams that occurred before.</summary>
public sealed record RepetitionTerm : RewardTermOptions
{
    /// <summary>Length of the n-gram, in words. Default 4.</summary>
    [Range(1, 100)] public int Ngram { get; init; } = 4;
}

/// <summary>
/// 0 up to <c>limit - margin</c> tokens, then falling linearly to -1 at the limit. Soft over-long punishment, DAPO
/// (arXiv:2503.14476), equation 13: limit 20,480, margin 4,096.
/// </summary>
public sealed record SoftOverlongTerm : RewardTermOptions
{
    /// <summary>Tokens; the most a completion should have, usually <c>sampling.max_tokens</c>.</summary>
    [Range(1, 1 << 20)] public required int Limit { get; init; }

    /// <summary>Tokens before the limit from which the punishment grows.</summary>
    [Range(1, 1 << 20)] public required int Margin { get; init; }
}

/// <summary>The score of a trained reward model, through a sigmoid, so between 0 and 1.</summary>
public sealed record RewardModelTerm : RewardTermOptions
{
    /// <summary>The reward model.</summary>
    [ArtifactReference(Artifacts.ArtifactKind.Model)] public required string Model { get; init; }

    /// <summary>Which part it scores: helpfulness the final answer, safety the whole response. Default the whole response.</summary>
    public ScoredPart Scores { get; init; } = ScoredPart.Response;
}

/// <summary>Which part of a completion a reward model scores.</summary>
public enum ScoredPart
{
    /// <summary>All of it, chain of thought included (safety in the paper).</summary>
    Response,

    /// <summary>What follows the chain of thought (helpfulness in the paper).</summary>
    Summary,
}
