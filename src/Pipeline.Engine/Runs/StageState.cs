using System.Collections.Immutable;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Runs;

/// <summary>One stage of a run, as the journal tells it.</summary>
public sealed record StageState
{
    private static readonly IReadOnlyDictionary<string, StageOutput> NoOutputs = new Dictionary<string, StageOutput>();
    private static readonly IReadOnlyDictionary<string, double> NoMetrics = new Dictionary<string, double>();

    /// <summary>What it executes.</summary>
    public required ResolvedStage Stage { get; init; }

    /// <summary>Where it stands.</summary>
    public StagePhase Phase { get; init; } = StagePhase.Pending;

    /// <summary>Its attempts in order, also those from before the run was resumed.</summary>
    public ImmutableList<AttemptState> Attempts { get; init; } = [];

    /// <summary>How many attempts had ended when the run was last resumed; they do not count against the limits any more.</summary>
    public int AttemptsBeforeResume { get; init; }

    /// <summary>Whether it is made anew: neither the cache nor a checkpoint from before the run was last resumed counts.</summary>
    public bool Anew { get; init; }

    /// <summary>When the next attempt starts, in phase <see cref="StagePhase.Retrying"/>; null until that was recorded.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Its outputs by name; empty until it is done.</summary>
    public IReadOnlyDictionary<string, StageOutput> Outputs { get; init; } = NoOutputs;

    /// <summary>Its final numbers; empty until it is done.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = NoMetrics;

    /// <summary>Where its outputs come from, in phase <see cref="StagePhase.Cached"/>.</summary>
    public StageCached? Cached { get; init; }

    /// <summary>The question it waits with, in phase <see cref="StagePhase.AwaitingApproval"/>.</summary>
    public ApprovalRequested? Question { get; init; }

    /// <summary>Whether a person approved its start. A resumed run does not ask again.</summary>
    public bool Approved { get; init; }

    /// <summary>What its gates found.</summary>
    public ImmutableList<GateEvaluated> Gates { get; init; } = [];

    /// <summary>Why it was skipped, rejected or blocked; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Its id with matrix values.</summary>
    public string Instance => Stage.Instance;

    /// <summary>The newest attempt; null if there is none.</summary>
    public AttemptState? Last => Attempts.IsEmpty ? null : Attempts[^1];

    /// <summary>Number that the next attempt will have.</summary>
    public int NextAttempt => Attempts.Count + 1;

    /// <summary>The attempts that count against the limits.</summary>
    public IEnumerable<AttemptState> AttemptsSinceResume => Attempts.Skip(AttemptsBeforeResume);

    /// <summary>Retries that were counted against the limit.</summary>
    public int CountedRetries => AttemptsSinceResume.Count(attempt => attempt.Failure is { Retry: true, Counted: true });

    /// <summary>Whether the stages that need this one may start.</summary>
    public bool Done => Phase is StagePhase.Succeeded or StagePhase.Cached or StagePhase.Skipped;

    /// <summary>Whether it can only go on if the run is resumed.</summary>
    public bool Stuck => Phase is StagePhase.Failed or StagePhase.Blocked or StagePhase.Cancelled;

    /// <summary>The attempt of that number; null if there is none.</summary>
    public AttemptState? Attempt(int number) => number >= 1 && number <= Attempts.Count ? Attempts[number - 1] : null;

    /// <summary>The stage as it stands when the run is resumed and this is to be done again.</summary>
    internal StageState Again(ResolvedStage spec, bool anew) => new()
    {
        Stage = spec, Attempts = Attempts, AttemptsBeforeResume = Attempts.Count, Approved = Approved, Anew = anew,
    };

    internal StageState Apply(StageFact fact, bool cancelling) => fact switch
    {
        AttemptIntended intent when Phase is StagePhase.Pending or StagePhase.Retrying && intent.Attempt == NextAttempt =>
            this with { Phase = StagePhase.Active, RetryAt = null, Attempts = Attempts.Add(new AttemptState { Intent = intent }) },
        AttemptIntended => this,
        AttemptFact attempt => Apply(attempt, cancelling),
        RetryScheduled retry when Phase == StagePhase.Retrying && retry.Attempt == NextAttempt => this with { RetryAt = retry.At },
        StageCached cached when Phase is StagePhase.Pending or StagePhase.Retrying =>
            this with { Phase = StagePhase.Cached, RetryAt = null, Cached = cached, Outputs = cached.Outputs, Metrics = cached.Metrics },
        StageSkipped skipped when Phase == StagePhase.Pending => this with { Phase = StagePhase.Skipped, Reason = skipped.Reason },
        GateEvaluated { Passed: false, OnFail: GateFailure.Stop } gate when Done => this with
        {
            Phase = StagePhase.Failed, Gates = Gates.Add(gate),
            Reason = $"Its gate {gate.Metric} {gate.Bound} did not pass: the value is {MetricText.Of(gate.Value)}.",
        },
        GateEvaluated gate => this with { Gates = Gates.Add(gate) },
        ApprovalRequested request when Phase == StagePhase.Pending =>
            this with { Phase = StagePhase.AwaitingApproval, Reason = request.Message, Question = request },
        ApprovalGiven { Approved: true } when Phase == StagePhase.AwaitingApproval =>
            this with { Phase = StagePhase.Pending, Approved = true, Reason = null, Question = null },
        ApprovalGiven rejection when Phase == StagePhase.AwaitingApproval =>
            this with { Phase = StagePhase.Failed, Reason = Rejected(rejection), Question = null },
        _ => this,
    };

    private static string Rejected(ApprovalGiven answer) => $"Rejected by {answer.By}{(answer.Reason is { } reason ? $": {reason}" : "")}.";

    private StageState Apply(AttemptFact fact, bool cancelling)
    {
        if (Last is not { } last || last.Number != fact.Attempt) return this;
        var next = last.Apply(fact);
        if (ReferenceEquals(next, last)) return this;

        var stage = this with { Attempts = Attempts.SetItem(Attempts.Count - 1, next) };
        return fact switch
        {
            AttemptSucceeded success =>
                stage with { Phase = StagePhase.Succeeded, Outputs = success.Outputs, Metrics = success.Metrics },
            AttemptFailed { Retry: true } => stage with { Phase = StagePhase.Retrying, RetryAt = null },
            AttemptFailed { Class: var why } => stage with
            {
                Phase = cancelling || why == FailureClass.Cancelled ? StagePhase.Cancelled : StagePhase.Failed,
            },
            _ => stage,
        };
    }
}
