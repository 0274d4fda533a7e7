using Pipeline.Engine.Loop;
using Pipeline.Engine.Planning;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Attempts;

/// <summary>Records facts about an attempt, unless it has ended by then.</summary>
internal static class AttemptRecord
{
    /// <summary>Appends what <paramref name="facts"/> makes of the attempt's identity, if the attempt is still alive.</summary>
    public static Task<IReadOnlyList<JournalEvent>> Append(
        LiveRun run, AttemptKey key, Func<RunState, AttemptState, IEnumerable<StageFact>> facts) =>
        run.Append(state => state.Attempt(key) is { Alive: true } attempt
            ? [.. facts(state, attempt).Select(fact => About(fact, key, attempt))]
            : []);

    /// <summary>Records that the attempt failed, together with what follows from it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="key">The attempt.</param>
    /// <param name="failure">Why.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <param name="code">Stable code.</param>
    /// <param name="step">The step it had reached; null: where it started from.</param>
    /// <param name="exit">How the job ended.</param>
    public static Task<IReadOnlyList<JournalEvent>> Failure(
        LiveRun run, AttemptKey key, FailureClass failure, string message, string? code = null, long? step = null, ExitRecord? exit = null) =>
        Append(run, key, (state, attempt) =>
        {
            var reached = step ?? attempt.Intent.ResumeStep ?? 0;
            var decision = state.MustStop(state.Stage(key.Instance))
                ? new RetryDecision(false, false)
                : RetryRule.Of(state.Stage(key.Instance), failure, reached, exit?.Code);
            return
            [
                new AttemptFailed
                {
                    Class = failure,
                    Code = code,
                    Message = decision.Because is { } because ? $"{message} {because}" : message,
                    Step = reached,
                    Retry = decision.Retry,
                    Counted = decision.Counted,
                    Exit = exit,
                },
            ];
        });

    private static StageFact About(StageFact fact, AttemptKey key, AttemptState attempt) => fact is AttemptFact ofAttempt
        ? ofAttempt with { Stage = attempt.Intent.Stage, Instance = key.Instance, Attempt = key.Attempt, Token = attempt.Token }
        : fact with { Stage = attempt.Intent.Stage, Instance = key.Instance };
}
