using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Code;

/// <summary>
/// 1 if the program in the completion passes the tests in the ground truth, else 0: the paper's accuracy reward for code
/// (DeepSeek-R1, arXiv:2501.12948, section 2.2.2).
/// </summary>
/// <param name="options">Language and limits.</param>
/// <param name="partial">Whether the score is the share of tests passed.</param>
public sealed class CodeReward(ICodeLimits options, bool partial = false) : IReward
{
    private static readonly SemaphoreSlim s_slots = new(Environment.ProcessorCount); // the processors are all rewards' together

    private readonly Lazy<Task<ICodeRunner>> _runner = new(async () =>
        options.Language == CodeLanguage.JavaScript ? new JavaScriptRunner(options) : await PythonRunner.OpenAsync(options));

    /// <inheritdoc/>
    public string Name => "code";

    /// <inheritdoc/>
    /// <exception cref="RewardException">There is no sandbox on this machine.</exception>
    public async ValueTask<IReadOnlyList<RewardScore>> ScoreAsync(IReadOnlyList<RewardInput> inputs, CancellationToken cancellation)
    {
        var runner = await _runner.Value;
        return await Task.WhenAll(inputs.Select(input => ScoreAsync(runner, input, cancellation)));
    }

    private async Task<RewardScore> ScoreAsync(ICodeRunner runner, RewardInput input, CancellationToken cancellation)
    {
        if (input.GroundTruth is not { Length: > 0 } truth) return RewardScore.NotApplicable;
        if (CodeTests.Parse(truth) is not { } tests) return new(double.NaN, RewardOutcome.GoldUnparsable);
        if (CodeBlock.Find(input.Text, options.Language) is not { } program) return new(0, RewardOutcome.NoAnswer);
        await s_slots.WaitAsync(cancellation);
        try
        {
            var verdicts = await runner.RunAsync(program, tests, stopAtFailure: !partial, cancellation);
            var passed = verdicts.Count(verdict => verdict == Verdict.Passed);
            var outcome = passed == tests.Count ? RewardOutcome.Correct
                : verdicts.Contains(Verdict.TimedOut) ? RewardOutcome.Timeout : RewardOutcome.Wrong;
            return new(partial ? passed / (double)tests.Count : outcome == RewardOutcome.Correct ? 1 : 0, outcome);
        }
        finally
        {
            s_slots.Release();
        }
    }
}
