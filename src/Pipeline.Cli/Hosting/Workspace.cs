using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Runs;
using Pipeline.Store;

namespace Pipeline.Cli.Hosting;

/// <summary>An open state folder: the journal, and what people ask of it.</summary>
internal sealed class Workspace : IDisposable
{
    private Workspace(StateFolder folder)
    {
        Folder = folder;
        Store = JournalOfFolder.Open(folder);
        Client = new RunClient(Store, TimeProvider.System, Random.Shared);
    }

    public StateFolder Folder { get; }
    public IOpenRunStore Store { get; }
    public RunClient Client { get; }

    /// <summary>Opens the state folder, and makes it if there is none.</summary>
    public static Workspace Open(string path) => new(StateFolder.Open(path));

    /// <summary>Opens a state folder that must be there: a command that only looks leaves no folders behind.</summary>
    public static Workspace OpenExisting(string path) =>
        Directory.Exists(path)
            ? Open(path)
            : throw new CliException("STATE_FOLDER_MISSING",
                $"There is no state folder {Path.GetFullPath(path)}, so there are no runs. Name another with --state, or start one with `pipeline run FILE`.",
                ExitCode.NotFound);

    /// <summary>The run that a person's word for it means: <c>latest</c>, an id, or a part of one.</summary>
    public async Task<RunState> Run(string word) => await Client.State(await Client.Resolve(word));

    /// <inheritdoc/>
    public void Dispose() => Store.Dispose();
}
