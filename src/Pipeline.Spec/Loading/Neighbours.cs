namespace Pipeline.Spec.Loading;

/// <summary>Looks in the folder for what a path that leads nowhere may have meant.</summary>
internal static class Neighbours
{
    /// <summary>The name of a similar file or folder beside <paramref name="path"/>; null if there is none.</summary>
    public static string? Near(string path)
    {
        try
        {
            if (Path.GetDirectoryName(path) is not { } folder || !Directory.Exists(folder)) return null;
            var names = Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry));
            return DidYouMean.Nearest(Path.GetFileName(path), [.. names]);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null; // a guess is not worth an error
        }
    }
}
