using System.Diagnostics;
using System.Runtime.InteropServices;
using Pipeline.Engine;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Executors.Local;

namespace Pipeline.Cli.Hosting;

/// <summary>What <c>doctor</c> looks at.</summary>
internal static class Checkup
{
    private const long EnoughDisk = 2L << 30; // the quickstart stays below 500 MB; real models do not
    private static readonly TimeSpan SelfCheckLimit = TimeSpan.FromSeconds(60);

    /// <summary>All findings.</summary>
    public static async Task<IReadOnlyList<Finding>> Of(string state, string? stageProgram, CancellationToken cancellation) =>
    [
        Platform(),
        new("runtime", Verdict.Good, RuntimeInformation.FrameworkDescription),
        Processors(),
        StateFolderFinding(state),
        Journal(state),
        Disk(state),
        await StageProgram(stageProgram, cancellation),
    ];

    private static Finding Platform() => (RuntimeInformation.OSArchitecture, OperatingSystem.IsLinux()) switch
    {
        (Architecture.X64, true) => new("platform", Verdict.Good, $"{RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.OSDescription}"),
        _ => new("platform", Verdict.Bad,
            $"{RuntimeInformation.RuntimeIdentifier}: training needs linux-x64, the only platform that libtorch is packaged for here. On Windows use WSL 2."),
    };

    private static Finding Processors()
    {
        var machine = LocalMachine.Detect();
        return new("processors", Verdict.Good, $"{machine.Cpus} CPUs, {(machine.Gpus.Count == 0 ? "no GPU" : $"{machine.Gpus.Count} GPUs")}");
    }

    private static Finding StateFolderFinding(string state)
    {
        if (!Directory.Exists(state)) return new("state folder", Verdict.Good, $"{Path.GetFullPath(state)} will be made");
        try
        {
            var folder = StateFolder.Open(state);
            using var held = EngineLock.TryTake(folder);
            return new("state folder", Verdict.Good, held is null ? $"{folder.Path}; at work there: {EngineLock.Holder(folder)}" : folder.Path);
        }
        catch (EngineException error) { return new("state folder", Verdict.Bad, error.Message); }
    }

    private static Finding Journal(string state)
    {
        try { return new("journal", Verdict.Good, JournalOfFolder.Look(state)); }
        catch (Exception error) when (error is EngineException or StoreUnavailableException) { return new("journal", Verdict.Bad, error.Message); }
    }

    private static Finding Disk(string state)
    {
        var path = Path.GetFullPath(state);
        while (!Directory.Exists(path)) path = Path.GetDirectoryName(path)!;
        var free = new DriveInfo(path).AvailableFreeSpace;
        return new("disk", free < EnoughDisk ? Verdict.Doubtful : Verdict.Good, $"{free / 1e9:0.#} GB free at {path}");
    }

    /// <summary>Has the stage program load its libraries, in a process of its own.</summary>
    private static async Task<Finding> StageProgram(string? asked, CancellationToken cancellation)
    {
        string program;
        try { program = StageProgramFinder.Find(asked); }
        catch (CliException missing) { return new("stage program", Verdict.Bad, missing.Message); }

        var command = StageProgramFinder.Command(program);
        using var process = Process.Start(new ProcessStartInfo(command[0], [.. command.Skip(1), "self-check"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(SelfCheckLimit);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try { await process.WaitForExitAsync(limit.Token); }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            return new("stage program", Verdict.Bad, $"{program} did not answer within {SelfCheckLimit.TotalSeconds} s.");
        }
        return process.ExitCode == 0
            ? new("stage program", Verdict.Good, $"{(await output).Trim()} ({program})")
            : new("stage program", Verdict.Bad, $"{program} exits with {process.ExitCode}: {(await error).Trim()}");
    }
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Subject">What.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Text">What was found, and what to do about it.</param>
internal sealed record Finding(string Subject, Verdict Verdict, string Text);

/// <summary>How a thing is.</summary>
internal enum Verdict
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It may do.</summary>
    Doubtful,

    /// <summary>Runs will fail.</summary>
    Bad,
}
