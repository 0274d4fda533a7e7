using Pipeline.Cli.Commands;
using Pipeline.Cli.Schedules;
using Pipeline.Engine.Runs;
using Pipeline.Server.Control;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Hosting;

/// <summary>What the dashboard does on behalf of a browser: as the commands do it, with an engine that works without a terminal.</summary>
internal sealed class ServedRuns(Workspace workspace) : IRunControl
{
    // Without tokens it is whoever uses this machine as the one who serves.
    private static string Local => $"{Environment.UserName}, in the dashboard";

    public async Task<string> Submit(ResolvedPipeline pipeline)
    {
        var run = await workspace.Client.Submit(pipeline, ProgramFor(pipeline));
        BackgroundEngine.Start(workspace.Folder);
        return run;
    }

    public IReadOnlyList<ScheduleView> Schedules
    {
        get
        {
            var folder = new ScheduleFolder(workspace.Folder);
            return [.. folder.Names.Select(name => View(folder, name)).OfType<ScheduleView>()];
        }
    }

    public async Task Cancel(RunState run, string? by)
    {
        await workspace.Client.Cancel(run.Run, by ?? Local);
        BackgroundEngine.Start(workspace.Folder);
    }

    public async Task Resume(RunState run)
    {
        await workspace.Client.Resume(run.Run, new RunResumed { Program = ProgramFor(run.Pipeline) });
        BackgroundEngine.Start(workspace.Folder);
    }

    public async Task Answer(RunState run, string instance, bool approved, string? reason, string? by)
    {
        await workspace.Client.Answer(run.Run, instance, approved, by ?? Local, reason);
        BackgroundEngine.Start(workspace.Folder);
    }

    private static ScheduleView? View(ScheduleFolder folder, string name)
    {
        try
        {
            return folder.Find(name) is { } schedule
                ? new(name, schedule.File, schedule.Cron, schedule.TimeZone, schedule.Next(DateTimeOffset.UtcNow), schedule.LastRun, schedule.Trouble)
                : null;
        }
        catch (CliException error) { return new(name, File: "", Cron: "", TimeZone: "", Next: null, LastRun: null, error.Message); }
    }

    private StageProgram ProgramFor(ResolvedPipeline pipeline) => RunCommand.ProgramFor(pipeline, asked: null, workspace.Folder.Path);
}
