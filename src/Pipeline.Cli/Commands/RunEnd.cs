using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Reports.Reading;
using Pipeline.Reports.Writers;

namespace Pipeline.Cli.Commands;

/// <summary>What is said when a run is over.</summary>
internal static class RunEnd
{
    private const int LinesOfLog = 8;

    /// <summary>Prints the report, why it failed if it did, and where to look. Leaves the report as a page beside the run.</summary>
    public static void Print(Workspace workspace, RunState state, Terminal terminal)
    {
        var report = ReportReader.Read(state, workspace.Folder);
        terminal.Out.WriteLine();
        terminal.Out.Write(Printable.Of(TextReport.Write(report)));
        foreach (var stage in state.Stages.Where(stage => stage.Phase == StagePhase.Failed))
            if (stage.Reason is { } reason) terminal.Error.WriteLine($"{stage.Instance} failed: {Printable.Of(reason)}");
            else PrintFailure(AttemptFolder.Of(workspace.Folder.Path, state.Run, stage.Instance, stage.Last!.Number), stage, terminal);

        var page = Path.Combine(workspace.Folder.Path, "runs", state.Run, "report.html");
        Directory.CreateDirectory(Path.GetDirectoryName(page)!); // a run that took all from the cache has no folder yet
        WholeFile.WriteText(page, HtmlReport.Write(report));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"report: {page}");
        terminal.Out.WriteLine(Advice(state));
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
        RunPhase.Succeeded => $"run {state.Run} succeeded; `pipeline status {state.Run}` shows where its artifacts lie.",
        RunPhase.Failed => $"run {state.Run} failed; `pipeline logs {state.Run} STAGE` shows what a stage printed. Mend the cause, and `pipeline resume {state.Run}` goes on from the last checkpoints.",
        _ => $"run {state.Run} is cancelled; `pipeline resume {state.Run}` goes on from the last checkpoints.",
    };
}
