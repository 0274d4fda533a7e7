using System.Text.Json;
using Pipeline.Engine.Ports;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Folders;

/// <summary>The folder that holds everything of a set of runs: the journal, and below <c>runs/</c> a folder an attempt.</summary>
/// <remarks>
/// <code>
/// layout.json     version of this layout
/// journal.db      the journal of every run; or store.json, which says in what database it is
/// engine.lock     held by the engine that works here; engine.json says which, and by its time when it was last heard of
/// runs/&lt;run&gt;/&lt;instance&gt;/attempt-N/
/// </code>
/// </remarks>
public sealed class StateFolder
{
    private const int Layout = 1;
    private const string LayoutFile = "layout.json";

    private StateFolder(string path) => Path = path;

    /// <summary>The folder at a path, there or not: nothing is made or checked.</summary>
    /// <param name="path">Its path.</param>
    public static StateFolder At(string path) => new(System.IO.Path.GetFullPath(path));

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Path of the SQLite journal.</summary>
    public string Journal => Of("journal.db");

    /// <summary>Whether it is still there. What is found in its place later is not it.</summary>
    public bool Exists => File.Exists(Of(LayoutFile));

    /// <summary>Opens the state folder at <paramref name="path"/>, and makes it if there is nothing or an empty folder.</summary>
    /// <exception cref="EngineException">It cannot be written, is not ours, or was laid out by a newer version.</exception>
    public static StateFolder Open(string path)
    {
        var folder = new StateFolder(System.IO.Path.GetFullPath(path));
        try
        {
            Directory.CreateDirectory(folder.Path);
            if (folder.ReadLayout() is { } layout) folder.Check(layout);
            else folder.Begin();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                EngineErrors.StateFolderUnwritable,
                $"The state folder {folder.Path} cannot be used: {error.Message} Choose another with --state, or change its permissions.",
                error);
        }
        return folder;
    }

    /// <summary>The folder of an attempt.</summary>
    public AttemptFolder Attempt(AttemptKey key) => AttemptFolder.Of(Path, key.Run, key.Instance, key.Attempt);

    /// <summary>The folder of a run.</summary>
    public string Run(string run) => System.IO.Path.Combine(Of("runs"), run);

    internal string Of(string name) => System.IO.Path.Combine(Path, name);

    private LayoutVersion? ReadLayout()
    {
        var file = Of(LayoutFile);
        if (!File.Exists(file)) return null;
        try
        {
            return JsonSerializer.Deserialize<LayoutVersion>(File.ReadAllBytes(file), ProtocolJson.Line);
        }
        catch (JsonException error) { throw Foreign(error.Message); }
    }

    private void Check(LayoutVersion found)
    {
        if (found.Product != LayoutVersion.OurProduct) throw Foreign($"its {LayoutFile} is of {found.Product}");
        if (found.Layout <= Layout) return;
        throw new EngineException(
            EngineErrors.StateFolderNewer,
            $"The state folder {Path} has layout {found.Layout}; this version knows layouts up to {Layout}. " +
            "A newer version made it: use that version, or another folder with --state.");
    }

    private void Begin()
    {
        // Two commands may open a new folder at once; what the other has written by now is ours as well.
        var foreign = Directory.EnumerateFileSystemEntries(Path)
            .Select(entry => System.IO.Path.GetFileName(entry))
            .FirstOrDefault(name => !name.StartsWith(LayoutFile, StringComparison.Ordinal));
        if (foreign is not null && ReadLayout() is null) throw Foreign($"it holds {foreign} and no {LayoutFile}");
        CrashPoint.Before("layout");
        WholeFile.WriteJson(Of(LayoutFile), new LayoutVersion(LayoutVersion.OurProduct, Layout));
        CrashPoint.After("layout");
    }

    private EngineException Foreign(string found) => new(
        EngineErrors.StateFolderForeign,
        $"The folder {Path} is not a state folder: {found}. Nothing was changed there. Choose an empty folder with --state.");

    private sealed record LayoutVersion(string Product, int Layout)
    {
        public const string OurProduct = "pipeline";
    }
}
