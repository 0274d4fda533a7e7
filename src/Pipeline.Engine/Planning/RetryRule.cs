using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Planning;

/// <summary>Whether a failed attempt is followed by another.</summary>
/// <param name="Retry">Another attempt follows.</param>
/// <param name="Counted">It counts against <c>retry.limit</c>.</param>
/// <param name="Because">Why not, for a person; null if one follows or the class alone says no.</param>
public readonly record struct RetryDecision(bool Retry, bool Counted, string? Because = null);

/// <summary>The last two columns of the table of failures in the stage protocol.</summary>
public static class RetryRule
{
    // Dying three times at one step without getting past it is the step's fault, not the machine's.
    private const int SameStepLimit = 3;

    /// <summary>What follows when the last attempt of <paramref name="stage"/> ends with <paramref name="failure"/> at <paramref name="step"/>.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="failure">Why the attempt ended.</param>
    /// <param name="step">The step it had reached.</param>
    /// <param name="exitCode">The exit code of its program; null if it had none.</param>
    public static RetryDecision Of(StageState stage, FailureClass failure, long step, int? exitCode = null)
    {
        var attempt = stage.Last!;
        var policy = stage.Stage.Retry;
        var asked = policy.On?.Contains(failure) == true || (exitCode is { } code && policy.ExitCodes?.Contains(code) == true);
        var (retry, counted) = failure switch
        {
            FailureClass.Interrupted => (true, false),
            FailureClass.NodeFailure or FailureClass.Stalled => (true, !attempt.GainedCheckpoint),
            FailureClass.Timeout or FailureClass.Failed => (asked, true),
            _ => (false, false),
        };
        if (!retry) return new(false, false);

        if (IsUnasked(failure) && !attempt.GainedCheckpoint && DiedHereBefore(stage, step) >= SameStepLimit - 1)
        {
            return new(false, counted,
                $"It ended {SameStepLimit} times at step {step} without a new checkpoint, so the step itself is at fault.");
        }
        if (counted && stage.CountedRetries >= policy.Limit)
            return new(false, true, $"That was the last of {policy.Limit} retries.");
        return new(true, counted);
    }

    private static bool IsUnasked(FailureClass failure) =>
        failure is FailureClass.Interrupted or FailureClass.NodeFailure or FailureClass.Stalled;

    /// <summary>How many attempts in a row before the last one ended at that step with nothing gained, and began where it began.</summary>
    /// <remarks>An attempt may be killed after its checkpoint is there and before it says so; the next goes on from it all the same.</remarks>
    private static int DiedHereBefore(StageState stage, long step) => stage.AttemptsSinceResume
        .SkipLast(1)
        .Reverse()
        .TakeWhile(attempt => attempt is { GainedCheckpoint: false, Failure: { } earlier }
            && IsUnasked(earlier.Class) && earlier.Step == step && attempt.Intent.ResumeStep == stage.Last!.Intent.ResumeStep)
        .Count();
}
