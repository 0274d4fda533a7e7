using Pipeline.Cli.Commands;
using Pipeline.Engine.Runs;
using Pipeline.Server.Control;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Hosting;

/// <summary>What the dashboard does on behalf of a browser: as the commands do it, with an engine that works without a terminal.</summary>
internal sealed class ServedRuns(Workspace workspace) : IRunControl
{
    private const string Browser = "the dashboard";

    public async Task<string> Submit(ResolvedPipeline pipeline)
    {
        var run = await workspace.Client.Submit(pipeline, ProgramFor(pipeline));
        BackgroundEngine.Start(workspace.Folder);
        return run;
    }

    public async Task Cancel(RunState run)
    {
        await workspace.Client.Cancel(run.Run, Browser);
        BackgroundEngine.Start(workspace.Folder);
    }

    public async Task Resume(RunState run)
    {
        await workspace.Client.Resume(run.Run, new RunResumed { Program = ProgramFor(run.Pipeline) });
        BackgroundEngine.Start(workspace.Folder);
    }

    public async Task Answer(RunState run, string instance, bool approved, string? reason)
    {
        await workspace.Client.Answer(run.Run, instance, approved, $"{Environment.UserName}, in {Browser}", reason);
        BackgroundEngine.Start(workspace.Folder);
    }

    private StageProgram ProgramFor(ResolvedPipeline pipeline) => RunCommand.ProgramFor(pipeline, asked: null, workspace.Folder.Path);
}
