using System.Diagnostics;
using Pipeline.Engine.Ports;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Local;

/// <summary>A shim that was started and does not have its slots yet.</summary>
internal sealed class LaunchingShim : IDisposable
{
    private const int Killed = 128 + Posix.SigKill;

    private readonly ShimFolder _folder;
    private readonly Process _process;

    /// <summary>Starts a shim for <paramref name="job"/>.</summary>
    /// <param name="shim">Program and arguments, without the folder.</param>
    /// <param name="job">The job.</param>
    /// <param name="environment">Variables for the stage, added to ours.</param>
    /// <param name="cpus">CPU slots it will take.</param>
    /// <param name="gpus">GPU slots it will take.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The machine cannot start a process now.</exception>
    public LaunchingShim(
        IReadOnlyList<string> shim, JobHandle job, IReadOnlyDictionary<string, string> environment, int cpus, int gpus)
    {
        (_folder, Cpus, Gpus) = (new ShimFolder(job.Folder), cpus, gpus);
        // The pipes are for a shim that fails at its start; one that works replaces them, so that it does not hold our terminal.
        var start = new ProcessStartInfo(shim[0], [.. shim.Skip(1), job.Folder.Path])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in EngineSecrets.Variables) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    /// <summary>CPU slots that it will take.</summary>
    public int Cpus { get; }

    /// <summary>GPU slots that it will take.</summary>
    public int Gpus { get; }

    /// <summary>Whether it has become visible in the slots and in the attempt's folder, or has ended.</summary>
    public bool HasArrived =>
        _process.HasExited || ShimFolder.Read<ShimRecord>(_folder.Shim) is { Started: not null } record && record.Shim.Pid == _process.Id;

    /// <summary>
    /// Leaves a record of a shim that ended by itself without having taken the job, so that nobody waits for it. One that
    /// was killed leaves the job as if it had never been submitted.
    /// </summary>
    public void RecordFailure()
    {
        if (!_process.HasExited || _process.ExitCode is 0 or Shim.Taken or Killed || File.Exists(_folder.Shim)) return;
        ShimFolder.Write(_folder.Attempt.Exit, new ExitRecord(
            StageExit.Internal, null, ExitAsked.Nobody, 0, 0, DateTimeOffset.UtcNow,
            $"The process that starts the stage failed (exit code {_process.ExitCode}): {_process.StandardError.ReadToEnd().Trim()}"));
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
