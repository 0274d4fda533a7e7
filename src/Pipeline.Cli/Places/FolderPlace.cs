using Pipeline.Cli.Following;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Cli.Places;

/// <summary>The runs of a state folder.</summary>
internal sealed class FolderPlace(Workspace workspace) : IRunPlace
{
    /// <inheritdoc/>
    public ILiveFacts Live { get; } = new DiskLiveFacts(new DiskRunFiles(), workspace.Folder.Path);

    /// <summary>Whether an engine works in the folder.</summary>
    public bool HasEngine
    {
        get
        {
            using var ours = EngineLock.TryTake(workspace.Folder);
            return ours is null;
        }
    }

    /// <inheritdoc/>
    public string Whereabouts(string run) => Path.Combine(workspace.Folder.Path, "runs", run);

    /// <inheritdoc/>
    public string EngineAtWork(string run)
    {
        try
        {
            return HasEngine
                ? $"engine: {EngineLock.Holder(workspace.Folder)}"
                : $"engine: none at work; jobs run on, but nothing new starts until `pipeline resume {run}`";
        }
        catch (EngineException error) { return $"engine: none at work. {Printable.Of(error.Message)}"; }
    }

    /// <inheritdoc/>
    public Task<RunState> Run(string word) => workspace.Run(word);

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalEvent> Follow(string run, long after, CancellationToken cancellation) => workspace.Client.Follow(run, after, cancellation);

    /// <inheritdoc/>
    public Task Answer(string run, string instance, bool approved, string? reason) =>
        workspace.Client.Answer(run, instance, approved, Environment.UserName, reason);

    /// <inheritdoc/>
    public Task<long> CopyLog(AttemptKey attempt, bool ofErrors, long offset, bool ended, TextWriter target)
    {
        var folder = workspace.Folder.Attempt(attempt);
        return Task.FromResult(StageLog.Copy(ofErrors ? folder.StandardError : folder.StandardOutput, offset, ended, target));
    }

    /// <inheritdoc/>
    public void Dispose() => workspace.Dispose();
}
