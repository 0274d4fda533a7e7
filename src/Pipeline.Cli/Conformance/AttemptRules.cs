using System.Text.Json;
using Pipeline.Engine.Checkpoints;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Conformance;

/// <summary>What the protocol asks of the folder of an attempt, looked at after its end.</summary>
/// <param name="act">What the program was put through.</param>
/// <param name="attempt">The folder.</param>
/// <param name="job">What it was told.</param>
internal sealed class AttemptRules(string act, AttemptFolder attempt, JobFile job)
{
    /// <summary>Of an attempt that is done: its result and its outputs.</summary>
    public IEnumerable<Violation> Result()
    {
        if (!File.Exists(attempt.Result))
        {
            yield return Broken("RESULT_MISSING", "It ended with 0 and wrote no result.json.", "Write result.json last: its presence is what says that the stage is done.");
            yield break;
        }
        var (result, error) = Read<ResultFile>(File.ReadAllText(attempt.Result));
        if (result is null)
        {
            yield return Broken("RESULT_INVALID", $"result.json cannot be read: {error}", "It is an object with protocol, token and outputs; result.schema.json says the rest.");
            yield break;
        }
        if (result.Token != job.Token)
            yield return Broken("RESULT_TOKEN", $"result.json has the token '{result.Token}', the job '{job.Token}'.", "Repeat the job's token: it is how a late result of a lost attempt is told apart.");
        foreach (var (name, path) in job.Outputs)
            if (Output(name, path, result) is { } violation) yield return violation;
    }

    private Violation? Output(string name, string path, ResultFile result)
    {
        if (!result.Outputs.TryGetValue(name, out var claimed))
            return Broken("OUTPUT_UNNAMED", $"result.json does not name the output '{name}'.", "Name every output of the job under outputs, with kind and digest.");
        if (!File.Exists(path) && !Directory.Exists(path))
            return Broken("OUTPUT_MISSING", $"There is nothing at {path}.", "Write each output at the path that the job names under outputs.");
        if (claimed.Digest.Length > 0 && ArtifactDigest.Of(path) is var digest && digest != claimed.Digest)
            return Broken("OUTPUT_DIGEST", $"'{name}' has the digest {digest}; result.json claims {claimed.Digest}.", "Hash what was written, or leave the digest empty: the engine then hashes it.");
        var late = Files(path).Where(file => File.GetLastWriteTimeUtc(file) > File.GetLastWriteTimeUtc(attempt.Result)).ToList();
        return late.Count == 0 ? null
            : Broken("RESULT_EARLY", $"{Path.GetFileName(late[0])} of '{name}' was written after result.json.", "Write result.json last, when every output is whole.");
    }

    /// <summary>Of any attempt: lines that others read while it runs.</summary>
    public IEnumerable<Violation> Lines()
    {
        if (FirstBad(attempt.Metrics, line => MetricsLine.Parse(line) is null ? "no flat object with an integer step" : null) is { } metrics)
            yield return Broken("METRICS_LINE", $"Line {metrics} of metrics.jsonl.", "Write one flat JSON object a line: step, time, and numbers under their names.");
        var steps = MetricsFile.Lines(attempt.Metrics).Select(line => line.Step).ToList();
        if (steps.Zip(steps.Skip(1)).FirstOrDefault(pair => pair.Second < pair.First) is { First: > 0 } back)
            yield return Broken("METRICS_STEP", $"metrics.jsonl goes back from step {back.First} to {back.Second}.", "Steps of one attempt only grow; a resumed attempt has a file of its own.");
        if (FirstBad(attempt.Events, line => Read<StageEvent>(line).Error) is { } events)
            yield return Broken("EVENTS_LINE", $"Line {events} of events.jsonl.", "One object a line: time, step, kind (alarm, warning, checkpoint, stopped), code, message; event.schema.json says the rest.");
    }

    /// <summary>Of an attempt that was asked to stop: what the next one is to go on from.</summary>
    /// <param name="checkpoint">The newest whole checkpoint; null for none.</param>
    public IEnumerable<Violation> Checkpoint(out CheckpointFolder? checkpoint)
    {
        checkpoint = CheckpointVerification.In(attempt).MaxBy(found => found.Step);
        if (checkpoint is null)
            return [Broken("CHECKPOINT_MISSING", "There is no folder checkpoints/step-N.", "On SIGTERM write checkpoints/step-N with a manifest.json, under another name until it is whole, then rename it.")];
        if (CheckpointVerification.Damage(checkpoint, job.Fingerprint) is { } damage)
        {
            var name = Path.GetFileName(checkpoint.Path);
            checkpoint = null;
            return [Broken("CHECKPOINT_DAMAGED", $"{name} would be passed over: {damage}", "manifest.json has format 1, the step, the job's fingerprint, and of every file path, size and sha256.")];
        }
        var step = checkpoint.Step;
        return Told(step) ? [] : [Broken("CHECKPOINT_UNTOLD", $"events.jsonl does not tell of the checkpoint at step {step}.", "Append an event of kind checkpoint with data.path when a checkpoint is whole: that is how it gets into the journal.")];
    }

    /// <summary>The same rule for another sentence.</summary>
    public Violation Broken(string rule, string seen, string remedy) => new(rule, act, seen, remedy);

    private bool Told(long step) => File.Exists(attempt.Events)
        && File.ReadLines(attempt.Events).Any(line => Read<StageEvent>(line).Value is { Kind: StageEventKind.Checkpoint } told && told.Step == step && told.Data?["path"] is not null);

    private static string? FirstBad(string path, Func<string, string?> error)
    {
        if (!File.Exists(path)) return null;
        foreach (var (number, line) in File.ReadLines(path).Index())
            if (error(line) is { } found) return $"{number + 1}: {found}";
        return null;
    }

    private static (T? Value, string? Error) Read<T>(string text) where T : class
    {
        try { return (JsonSerializer.Deserialize<T>(text, ProtocolJson.Line), null); }
        catch (JsonException error) { return (null, error.Message); }
    }

    private static IEnumerable<string> Files(string path) => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [path];
}
