using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Commands;

/// <summary>What is said when a run is over.</summary>
internal static class RunEnd
{
    private const int LinesOfLog = 8;

    /// <summary>Says how it ended, why, and where to look.</summary>
    public static Task Print(Workspace workspace, RunState state, Terminal terminal)
    {
        foreach (var stage in state.Stages.Where(stage => stage is { Phase: StagePhase.Failed, Last.Failure: not null }))
            PrintFailure(AttemptFolder.Of(workspace.Folder.Path, state.Run, stage.Instance, stage.Last!.Number), stage, terminal);

        terminal.Out.WriteLine($"run {state.Run} {Json.Word(state.Phase)} after {Durations.Text((state.Ended ?? state.Submitted) - state.Submitted)}");
        terminal.Out.WriteLine(Advice(state));
        return Task.CompletedTask;
    }

    /// <summary>The exit code that tells how the run ended.</summary>
    public static int ExitCodeOf(RunState state) => state.Phase switch
    {
        RunPhase.Succeeded => ExitCode.Done,
        RunPhase.Cancelled => ExitCode.Cancelled,
        _ => ExitCode.Failed,
    };

    private static void PrintFailure(AttemptFolder folder, StageState stage, Terminal terminal)
    {
        var failure = stage.Last!.Failure!;
        terminal.Error.WriteLine($"{stage.Instance} failed ({Json.Word(failure.Class)}): {Printable.Of(failure.Message)}");
        foreach (var line in StageLog.LastLines(folder.StandardError, LinesOfLog)) terminal.Error.WriteLine($"  | {line}");
    }

    private static string Advice(RunState state) => state.Phase switch
    {
        RunPhase.Succeeded => $"`pipeline report {state.Run}` shows what came out, `pipeline status {state.Run}` where it lies.",
        RunPhase.Failed => $"`pipeline logs {state.Run} STAGE` shows what a stage printed. Mend the cause, then `pipeline resume {state.Run}` goes on from the last checkpoints.",
        _ => $"`pipeline resume {state.Run}` goes on from the last checkpoints.",
    };
}
