using Pipeline.Engine.Folders;

namespace Pipeline.Server;

/// <summary>
/// Opens files below the state folder for reading, and nothing else: a path that leads out of it, by <c>..</c> or
/// through a link that a stage left there, is refused.
/// </summary>
internal sealed class StateFiles(StateFolder state)
{
    private readonly string _root = Path.TrimEndingDirectorySeparator(state.Path) + Path.DirectorySeparatorChar;

    /// <summary>The state folder.</summary>
    public StateFolder State => state;

    /// <summary>The file at <paramref name="path"/>, which a stage may be writing or replacing; null if there is none.</summary>
    /// <exception cref="ServerException"><see cref="ServerErrors.LinkRefused"/>.</exception>
    public FileStream? Open(string path)
    {
        Confine(path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    /// <summary>Names of the files in the folder at <paramref name="path"/>; none if there is no such folder.</summary>
    /// <exception cref="ServerException"><see cref="ServerErrors.LinkRefused"/>.</exception>
    public IReadOnlyList<string> Names(string path)
    {
        Confine(path);
        return Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file))] : [];
    }

    /// <summary>Size of the files of the folder at <paramref name="path"/>; 0 if it is gone.</summary>
    /// <exception cref="ServerException"><see cref="ServerErrors.LinkRefused"/>.</exception>
    public long SizeOf(string path)
    {
        Confine(path);
        try { return new DirectoryInfo(path).EnumerateFiles().Sum(file => file.Length); }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException) { return 0; } // deleted while we look
    }

    /// <summary>Throws unless <paramref name="path"/> lies below the state folder without a link on the way.</summary>
    /// <exception cref="ServerException"><see cref="ServerErrors.LinkRefused"/>.</exception>
    public void Confine(string path)
    {
        var full = Path.GetFullPath(path);
        if (!full.StartsWith(_root, StringComparison.Ordinal)) throw Refused(path);
        for (var part = full; part.Length > _root.Length; part = Path.GetDirectoryName(part)!)
            if (new FileInfo(part).LinkTarget is not null) throw Refused(part);
    }

    private ServerException Refused(string path) => new(
        ServerErrors.LinkRefused, $"{path} leads out of the state folder {state.Path}, so it is not shown.");
}
