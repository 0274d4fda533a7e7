using System.Text.Json.Nodes;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Store.Tests;

/// <summary>Events as an engine would append them.</summary>
internal static class Journals
{
    public static readonly DateTimeOffset Noon = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static async Task Submit(this IRunStore store, string run, int minute = 0, string pipeline = "p") =>
        await store.Append(run, 0, [Submitted(run, minute, pipeline)]);

    /// <summary>Appends facts after event <paramref name="after"/>, numbered and dated.</summary>
    public static Task AppendAfter(this IRunStore store, string run, long after, params JournalEvent[] facts) => store.Append(
        run, after, [.. facts.Select((fact, i) => fact with { Run = run, Sequence = after + 1 + i, Time = Noon.AddSeconds(after + 1 + i) })]);

    public static RunSubmitted Submitted(string run, int minute = 0, string pipeline = "p") => new()
    {
        Run = run,
        Sequence = 1,
        Time = Noon.AddMinutes(minute),
        Pipeline = new ResolvedPipeline { Name = pipeline, File = "/p.yaml", Stages = [new ResolvedStage { Id = "s", Instance = "s", Uses = "sft" }] },
        Program = new StageProgram(["/stage"], "build"),
    };

    public static AttemptIntended Intended(int attempt = 1, string token = "t", string fingerprint = "f", string instance = "s") => new()
    {
        Stage = instance, Instance = instance, Attempt = attempt, Token = token, Job = $"j{attempt}",
        Fingerprint = fingerprint, FingerprintParts = new JsonObject { ["seed"] = attempt },
    };

    public static AttemptSucceeded Succeeded(int attempt = 1, string token = "t", string fingerprint = "f") => new()
    {
        Stage = "s", Instance = "s", Attempt = attempt, Token = token, Fingerprint = fingerprint,
        Outputs = new Dictionary<string, StageOutput> { ["model"] = new("/m", "model", "sha256:0") },
    };

    public static StageCached Cached(string source) => new()
    {
        Stage = "s", Instance = "s", Fingerprint = "f", SourceRun = source, SourceInstance = "s", SourceAttempt = 1,
        Outputs = Succeeded().Outputs,
    };

    public static AttemptFailed Failed(int attempt = 1, string token = "t") => new()
    {
        Stage = "s", Instance = "s", Attempt = attempt, Token = token,
        Class = Protocol.Jobs.FailureClass.Failed, Message = "It failed.", Retry = false,
    };
}
