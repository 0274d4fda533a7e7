using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pipeline.Engine.Checkpoints;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Verifying;

/// <summary>
/// Makes the job of a stage once more and never lets it be: after the first step that an attempt saves it is asked to stop, or
/// killed within the next step, in turn, until one attempt comes to the end.
/// </summary>
/// <param name="job">The job of the run that was not disturbed.</param>
/// <param name="program">The program that performs it, with its arguments.</param>
/// <param name="folder">Where attempts are written; made anew.</param>
internal sealed class BrokenRun(JobFile job, IReadOnlyList<string> program, string folder)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);
    private readonly Random _moment = new(1); // within a step: sampling, a backward pass, half a checkpoint
    private readonly List<AttemptFolder> _attempts = [];

    /// <summary>The attempts in order; the last came to the end.</summary>
    public IReadOnlyList<AttemptFolder> Attempts => _attempts;

    /// <summary>How often an attempt was asked to stop.</summary>
    public int Stopped { get; private set; }

    /// <summary>How often one was killed.</summary>
    public int Killed { get; private set; }

    /// <summary>Runs attempts until one is done.</summary>
    /// <exception cref="CliException">One failed by itself.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        while (_attempts.Count == 0 || !File.Exists(_attempts[^1].Result)) await Attempt(cancellation);
    }

    private async Task Attempt(CancellationToken cancellation)
    {
        var (newest, attempt) = (Newest(), new AttemptFolder(Path.Combine(folder, $"attempt-{_attempts.Count + 1}")));
        Directory.CreateDirectory(attempt.Path);
        WholeFile.WriteJson(attempt.Job, job with
        {
            Attempt = _attempts.Count + 1, Token = $"verify-resume-{_attempts.Count + 1}", ResumeFrom = newest?.Path,
            Outputs = job.Outputs.ToDictionary(output => output.Key, output => Path.Combine(attempt.Outputs, output.Key)),
        });
        _attempts.Add(attempt);
        using var process = Start(attempt);
        try
        {
            // Once it has gone on by a step, what follows is to be lost or saved.
            while (!process.HasExited && (Newest()?.Step ?? 0) <= (newest?.Step ?? 0)) await Task.Delay(s_look, cancellation);
            if (!process.HasExited) await Disturb(process, cancellation);
            await process.WaitForExitAsync(cancellation);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
        if (process.ExitCode is not (StageExit.Done or StageExit.Interrupted) && Killed + Stopped < _attempts.Count)
            throw new CliException("VERIFY_STAGE_FAILED",
                $"Attempt {_attempts.Count} failed by itself with exit code {process.ExitCode}; see {attempt.StandardError}.", ExitCode.Failed);
    }

    private async Task Disturb(Process process, CancellationToken cancellation)
    {
        if (_attempts.Count % 2 == 1)
        {
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(cancellation);
            Stopped++;
        }
        else
        {
            await Task.Delay(_moment.Next(60), cancellation);
            process.Kill();
            Killed++;
        }
    }

    private Process Start(AttemptFolder attempt)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$STDOUT_FILE\" 2>\"$STDERR_FILE\"", "sh", .. program]);
        (start.Environment[JobFile.EnvironmentVariable], start.Environment["STDOUT_FILE"], start.Environment["STDERR_FILE"]) =
            (attempt.Job, attempt.StandardOutput, attempt.StandardError);
        return Process.Start(start)!;
    }

    /// <summary>The newest whole checkpoint of all attempts.</summary>
    private CheckpointFolder? Newest() => _attempts.SelectMany(CheckpointVerification.In).OrderBy(checkpoint => checkpoint.Step).LastOrDefault();

    /// <summary>The job of an attempt.</summary>
    public static JobFile JobOf(AttemptFolder attempt) =>
        JsonSerializer.Deserialize<JobFile>(File.ReadAllBytes(attempt.Job), ProtocolJson.Indented)!;
}
