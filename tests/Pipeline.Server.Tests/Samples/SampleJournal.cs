using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Server.Tests.Samples;

/// <summary>Writes a run's journal as the engine would, event by event, on a clock that the test moves.</summary>
internal sealed class SampleJournal(IRunStore store, string run, DateTimeOffset now)
{
    private const string Fingerprint = "sha256:";
    private long _sequence;

    public string Run => run;

    /// <summary>The time of the next event.</summary>
    public DateTimeOffset Now { get; private set; } = now;

    public SampleJournal Wait(double seconds)
    {
        Now = Now.AddSeconds(seconds);
        return this;
    }

    public void Submit(ResolvedPipeline pipeline) =>
        Append(new RunSubmitted { Pipeline = pipeline, Program = new StageProgram(["/opt/pipeline-stage"], "sha256:program") });

    /// <summary>Launches an attempt.</summary>
    /// <param name="instance">The stage.</param>
    /// <param name="attempt">Its number.</param>
    /// <param name="resumeStep">Step of the checkpoint it goes on from; null to start afresh.</param>
    public void Start(string instance, int attempt = 1, long? resumeStep = null)
    {
        Append(Fact(new AttemptIntended
        {
            Job = $"{run}-{instance}-{attempt}", Fingerprint = Fingerprint + instance, ResumeStep = resumeStep,
            ResumeFrom = resumeStep is null ? null : $"checkpoints/step-{resumeStep:D6}",
            CacheMiss = resumeStep is null ? "never executed before" : null,
        }, instance, attempt));
        Wait(0.4);
        Append(Fact(new AttemptStarted(), instance, attempt));
    }

    public void Checkpoint(string instance, int attempt, long step) =>
        Append(Fact(new CheckpointRecorded { Step = step, Path = $"checkpoints/step-{step:D6}", Offset = step }, instance, attempt));

    public void Alarm(string instance, int attempt, long step, string code, string message) =>
        Append(Fact(new AlarmRaised { Kind = StageEventKind.Alarm, Step = step, Code = code, Message = message, Offset = step }, instance, attempt));

    public void Succeed(
        string instance, int attempt, IReadOnlyDictionary<string, StageOutput> outputs, IReadOnlyDictionary<string, double> metrics,
        long tokens, double seconds) => Append(Fact(new AttemptSucceeded
    {
        Fingerprint = Fingerprint + instance, Outputs = outputs, Metrics = metrics, Tokens = tokens, Seconds = seconds,
    }, instance, attempt));

    public void Fail(string instance, int attempt, FailureClass failure, string message, long step, bool retry)
    {
        Append(Fact(new AttemptFailed { Class = failure, Message = message, Step = step, Retry = retry, Counted = retry }, instance, attempt));
        if (retry) Append(new RetryScheduled { Stage = instance, Instance = instance, Attempt = attempt + 1, At = Now.AddSeconds(5) });
    }

    /// <summary>Takes a stage from an earlier run.</summary>
    public void Cache(string instance, string sourceRun, int sourceAttempt, StageState source) => Append(new StageCached
    {
        Stage = instance, Instance = instance, Fingerprint = Fingerprint + instance, SourceRun = sourceRun,
        SourceInstance = instance, SourceAttempt = sourceAttempt, Outputs = source.Outputs, Metrics = source.Metrics,
    });

    public void End(params string[] failed) => Append(failed.Length == 0 ? new RunSucceeded() : new RunFailed { Failed = failed });

    private void Append(JournalEvent fact)
    {
        var next = fact with { Run = run, Sequence = _sequence + 1, Time = Now };
        store.Append(run, _sequence, [next]).GetAwaiter().GetResult();
        _sequence++;
    }

    private static T Fact<T>(T fact, string instance, int attempt) where T : AttemptFact =>
        fact with { Stage = instance, Instance = instance, Attempt = attempt, Token = $"{instance}-{attempt}" };
}
