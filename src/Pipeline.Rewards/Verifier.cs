using Pipeline.Protocol.Options;
using Pipeline.Rewards.Code;

namespace Pipeline.Rewards;

/// <summary>
/// Tells right from wrong by rules alone: prompts of the ability <c>code</c> by the tests in their ground truth, all others by their final
/// answer. What evaluations and rejection sampling ask.
/// </summary>
/// <param name="answer">Where the final answer is looked for.</param>
/// <param name="code">How programs are run.</param>
public sealed class Verifier(AnswerForm answer, ICodeLimits code) : IReward
{
    /// <summary>The ability of prompts whose ground truth is tests.</summary>
    public const string CodeAbility = "code";

    private static readonly Accuracy s_accuracy = new();

    private readonly Accuracy _accuracy = new(answer);
    private readonly CodeReward _code = new(code);

    /// <inheritdoc/>
    public string Name => "verifier";

    /// <summary>Whether a right answer to such a prompt could be told from a wrong one.</summary>
    public static bool CanJudge(string? ability, string groundTruth) => ability == CodeAbility
        ? CodeTests.Parse(groundTruth) is not null
        : s_accuracy.Score(new RewardInput { Prompt = "", Completion = "", GroundTruth = groundTruth }).Outcome != RewardOutcome.GoldUnparsable;

    /// <inheritdoc/>
    /// <exception cref="RewardException">There is code to be run, and no sandbox on this machine.</exception>
    public async ValueTask<IReadOnlyList<RewardScore>> ScoreAsync(IReadOnlyList<RewardInput> inputs, CancellationToken cancellation)
    {
        var programs = inputs.Where(IsCode).ToList();
        var scores = new Queue<RewardScore>(programs.Count == 0 ? [] : await _code.ScoreAsync(programs, cancellation));
        return [.. inputs.Select(input => IsCode(input) ? scores.Dequeue() : _accuracy.Score(input))];
    }

    private static bool IsCode(RewardInput input) => input.Ability == CodeAbility;
}
