using Pipeline.Engine.Folders;
using Pipeline.Executors.Local;

namespace Pipeline.Cli.Hosting;

/// <summary>This very program, for processes that outlive the command that starts them.</summary>
internal static class OurProgram
{
    /// <summary>The command of a copy under the state folder: a rebuild must not pull it from under those that guard jobs.</summary>
    public static IReadOnlyList<string> Pinned(StateFolder state)
    {
        var pinned = PinnedProgram.Pin(AppContext.BaseDirectory, state.Path, exclude: "stage");
        return DotnetHost.Command(Path.Combine(pinned.Folder, "pipeline.dll"));
    }
}
