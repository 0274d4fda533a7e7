using System.Globalization;
using Pipeline.Cli.Output;
using Pipeline.Engine.Checkpoints;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Conformance;

/// <summary>
/// Puts a program through what will happen to it as a stage, and notes each rule of the protocol that it breaks: it is left alone,
/// started again when it is done, asked to stop, resumed, given a torn checkpoint, and an option that it cannot know.
/// </summary>
/// <param name="trial">The program.</param>
/// <param name="folder">Where its attempts are written; made anew.</param>
internal sealed class StageCheck(StageTrial trial, string folder)
{
    // Who tells no step is stopped halfway, unless there is nothing to lose.
    private static readonly TimeSpan s_worthStopping = TimeSpan.FromSeconds(2);
    private readonly List<Violation> _found = [];
    private TimeSpan _wholeTime;
    private bool _tellsSteps;
    private int _attempts;

    /// <summary>Runs all of it; later acts are left out where an earlier one leaves nothing to try them with.</summary>
    /// <returns>What was found, in the order of the acts.</returns>
    public async Task<IReadOnlyList<Violation>> Run(CancellationToken cancellation)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var inputs = trial.Inputs.Values.Select(input => input.Path).Distinct().ToDictionary(path => path, ArtifactDigest.Of);
        if (await Undisturbed(cancellation) is { } unbroken)
        {
            await SecondStart(unbroken, cancellation);
            if (await Stop(cancellation) is var (stopped, checkpoint))
            {
                await Resume(unbroken, stopped, checkpoint, cancellation);
                await TornCheckpoint(checkpoint, cancellation);
            }
            await WrongOption(cancellation);
        }
        foreach (var (path, digest) in inputs)
            if (ArtifactDigest.Of(path) != digest)
                _found.Add(new("INPUT_CHANGED", "all", $"The input {path} is not what it was.", "A stage writes only below the folder of its job file."));
        return _found;
    }

    private async Task<AttemptFolder?> Undisturbed(CancellationToken cancellation)
    {
        var (attempt, job) = Prepare();
        using var process = new WatchedProcess(trial.Program, attempt);
        var rules = new AttemptRules(Acts.Undisturbed, attempt, job);
        var ended = await process.Ended(trial.Limit, cancellation);
        if (!ended || process.ExitCode != StageExit.Done)
        {
            _found.Add(rules.Broken("EXIT_CODE", ended ? $"{How(process)}{LastWords(attempt)}" : $"It did not end within {Durations.Text(trial.Limit)}.",
                "A stage whose work is done ends with 0. Give the options that make a short job of it by --with, its inputs by --input."));
            return null;
        }
        _wholeTime = process.Time;
        _tellsSteps = process.HasStepped || MetricsFile.Lines(attempt.Metrics).Any();
        _found.AddRange(rules.Result());
        _found.AddRange(rules.Lines());
        if (process.Torn.Count > 0)
            _found.Add(rules.Broken("FILE_TORN", $"At some moment {string.Join(" and ", process.Torn)} was there and was no whole JSON.", "Write another file beside it and rename it into place."));
        if (process.LongestPause > trial.HeartbeatLimit)
            _found.Add(rules.Broken("HEARTBEAT_LATE", $"The heartbeat did not change for {Durations.Text(process.LongestPause.Value)}.", "Replace it at least every five seconds, by a thread that does nothing else: one that is too old is taken for a program that hangs."));
        if (process.LongestPause is null)
            _found.Add(rules.Broken("HEARTBEAT_NONE", "There is no file heartbeat.", "Without one nobody sees how far it is, and that it hangs is found by its time limit alone.") with { IsRemark = true });
        if (!File.Exists(attempt.Metrics))
            _found.Add(rules.Broken("METRICS_NONE", "There is no metrics.jsonl.", "Without it the dashboard has no curves. TRL's names (loss, reward, kl) come under the right headings.") with { IsRemark = true });
        return File.Exists(attempt.Result) ? attempt : null;
    }

    private async Task SecondStart(AttemptFolder attempt, CancellationToken cancellation)
    {
        // When it was written, too: a program whose work is the same each time writes the same again.
        string State() => $"{File.GetLastWriteTimeUtc(attempt.Result):O} {ArtifactDigest.Of(attempt.Result)}" + string.Concat(trial.Outputs.Select(name => Digest(Path.Combine(attempt.Outputs, name))));
        var before = State();
        using var process = new WatchedProcess(trial.Program, attempt);
        if (!await process.Ended(trial.Limit, cancellation) || process.ExitCode != StageExit.Done)
            _found.Add(new("SECOND_START_EXIT", Acts.SecondStart, $"{(await process.Ended(TimeSpan.Zero, cancellation) ? How(process) : "It did not end.")}{LastWords(attempt)}", "Where result.json is there already, end with 0 at once."));
        else if (State() != before)
            _found.Add(new("SECOND_START_CHANGED", Acts.SecondStart, "result.json or an output was written again.", "Where result.json is there already, end with 0 at once: others may be reading the outputs."));
    }

    private async Task<(AttemptFolder Attempt, CheckpointFolder Checkpoint)?> Stop(CancellationToken cancellation)
    {
        var (attempt, job) = Prepare();
        var rules = new AttemptRules(Acts.Stop, attempt, job);
        using var process = new WatchedProcess(trial.Program, attempt);
        if (await process.Ended(trial.Limit, cancellation, orUntil: () => process.HasStepped || (!_tellsSteps && _wholeTime > s_worthStopping && process.Time > _wholeTime / 2)))
        {
            _found.Add(rules.Broken("STOP_UNTRIED", "It was done before it could be asked to stop.", "Give it more to do by --with, so that stopping and resuming can be tried.") with { IsRemark = true });
            return null;
        }
        process.Stop();
        if (!await process.Ended(trial.Grace, cancellation))
        {
            _found.Add(rules.Broken("STOP_IGNORED", $"It still ran {Durations.Text(trial.Grace)} after SIGTERM.", "Handle SIGTERM: finish the step, write a checkpoint, end with 75. After the grace time it is killed."));
            return null;
        }
        if (process.ExitCode == StageExit.Done && File.Exists(attempt.Result))
        {
            _found.Add(rules.Broken("STOP_UNTRIED", "It went on to its end when it was asked to stop.", "That is allowed where the end is near. Give it more to do by --with, so that stopping can be tried.") with { IsRemark = true });
            return null;
        }
        if (process.ExitCode != StageExit.Interrupted)
            _found.Add(rules.Broken("STOP_EXIT_CODE", $"{How(process)}{LastWords(attempt)}", "End with 75 after SIGTERM: anything else counts as a failure, and is not started again by itself."));
        if (File.Exists(attempt.Result))
            _found.Add(rules.Broken("STOP_RESULT", "It wrote a result.json.", "Write result.json only when the work is done: its presence ends the stage."));
        _found.AddRange(rules.Lines());
        _found.AddRange(rules.Checkpoint(out var checkpoint));
        return checkpoint is null ? null : (attempt, checkpoint);
    }

    private async Task Resume(AttemptFolder unbroken, AttemptFolder stopped, CheckpointFolder checkpoint, CancellationToken cancellation)
    {
        var before = ArtifactDigest.Of(stopped.Path);
        var (attempt, job) = Prepare(checkpoint.Path);
        var rules = new AttemptRules(Acts.Resume, attempt, job);
        using var process = new WatchedProcess(trial.Program, attempt);
        if (!await process.Ended(trial.Limit, cancellation) || process.ExitCode != StageExit.Done)
            _found.Add(rules.Broken("RESUME_EXIT_CODE", await process.Ended(TimeSpan.Zero, cancellation) ? $"{How(process)}{LastWords(attempt)}" : "It did not end.", "resume_from names the folder of a checkpoint that another attempt wrote: load it and go on to the end."));
        else
        {
            _found.AddRange(rules.Result());
            if (trial.Outputs.FirstOrDefault(name => Digest(Path.Combine(unbroken.Outputs, name)) != Digest(Path.Combine(attempt.Outputs, name))) is { } other)
                _found.Add(rules.Broken("RESUME_DIFFERS", $"The output '{other}' is not that of the undisturbed attempt, to the bit.", "Save the state of random numbers and data order as well, if an interrupted run is to equal one that was not.") with { IsRemark = true });
        }
        _found.AddRange(rules.Lines());
        if (MetricsFile.Lines(attempt.Metrics).Select(line => (long?)line.Step).FirstOrDefault() is { } first && first <= checkpoint.Step)
            _found.Add(rules.Broken("RESUME_AFRESH", $"Its first step is {first}, though the checkpoint is of step {checkpoint.Step}.", "Go on at the step after the checkpoint that resume_from names."));
        if (ArtifactDigest.Of(stopped.Path) != before)
            _found.Add(rules.Broken("ATTEMPT_CHANGED", "The folder of the attempt before is not what it was.", "Write only below the folder of the job file; what another attempt left is only read."));
    }

    private async Task TornCheckpoint(CheckpointFolder checkpoint, CancellationToken cancellation)
    {
        var torn = Path.Combine(folder, "torn", Path.GetFileName(checkpoint.Path));
        foreach (var file in Directory.EnumerateFiles(checkpoint.Path, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(torn, Path.GetRelativePath(checkpoint.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        var victim = Directory.EnumerateFiles(torn, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != CheckpointManifest.FileName)
            .MaxBy(file => new FileInfo(file).Length);
        if (victim is null) return;
        using (var file = File.OpenWrite(victim)) file.SetLength(file.Length / 2);
        var (attempt, job) = Prepare(torn);
        using var process = new WatchedProcess(trial.Program, attempt);
        if (await process.Ended(trial.Limit, cancellation) && process.ExitCode is not (StageExit.Done or StageExit.Interrupted) && !File.Exists(attempt.Result)) return;
        _found.Add(new AttemptRules(Acts.Torn, attempt, job).Broken("TORN_ACCEPTED",
            $"{Path.GetFileName(victim)} was cut in half, and {(await process.Ended(TimeSpan.Zero, cancellation) ? How(process).ToLowerInvariant() : "it did not end.")}",
            "Hold every file against the manifest's sha256 before it is loaded, and end with 70: to begin afresh, or to go on with half of it, would be told to nobody."));
    }

    private async Task WrongOption(CancellationToken cancellation)
    {
        var (attempt, job) = Prepare(wrongOption: true);
        var rules = new AttemptRules(Acts.WrongOption, attempt, job);
        using var process = new WatchedProcess(trial.Program, attempt);
        var ended = await process.Ended(trial.Limit, cancellation);
        if (ended && process.ExitCode == StageExit.Done)
            _found.Add(rules.Broken("OPTION_IGNORED", $"It was given '{StageTrial.WrongOption}' and did its work all the same.", "Refuse options that you do not know, with 78: a misspelt one would train for days with the default."));
        else if (!ended || process.ExitCode != StageExit.Config)
            _found.Add(rules.Broken("OPTION_EXIT_CODE", $"It was given '{StageTrial.WrongOption}'. {(ended ? How(process) : "It did not end.")}", "End with 78 where the configuration is wrong: it is never tried again, and told as such."));
        if (ended && process.ExitCode != StageExit.Done && LastWords(attempt).Length == 0)
            _found.Add(rules.Broken("ERROR_UNSAID", "Its error stream is empty.", "Say on standard error, in a line, what was wrong, where, and what to try."));
    }

    private (AttemptFolder Attempt, JobFile Job) Prepare(string? resumeFrom = null, bool wrongOption = false)
    {
        var attempt = new AttemptFolder(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"attempt-{++_attempts}")));
        Directory.CreateDirectory(attempt.Path);
        var job = trial.Job(_attempts, attempt, resumeFrom, wrongOption);
        WholeFile.WriteJson(attempt.Job, job);
        return (attempt, job);
    }

    private static string How(WatchedProcess process) => process.ExitCode > 128
        ? $"It was ended by signal {process.ExitCode - 128}." : $"It ended with {process.ExitCode}.";

    private static string LastWords(AttemptFolder attempt) => StageLog.LastLines(attempt.StandardError, 1) is [{ Length: > 0 } line] ? $" It said: {line}" : "";

    private static string Digest(string path) => File.Exists(path) || Directory.Exists(path) ? ArtifactDigest.Of(path) : "";
}
