using Pipeline.Protocol;

namespace Pipeline.Hub;

/// <summary>
/// The files of one repository in the shared cache, laid out as <c>huggingface_hub</c> does: content under
/// <c>blobs/HASH</c>, and <c>snapshots/COMMIT/PATH</c> as a link to it. What either program fetched the other finds.
/// </summary>
internal sealed class HubCache(string cache, HubRepository repository)
{
    private readonly string _blobs = Path.Combine(cache, repository.CacheFolder, "blobs");
    private readonly string _snapshot = Path.Combine(cache, repository.CacheFolder, "snapshots", repository.Revision);
    private readonly string _locks = Path.Combine(cache, ".locks", repository.CacheFolder);

    /// <summary>Where the content lies, or is to lie.</summary>
    public string Blob(HubFile file) => Path.Combine(_blobs, file.Hash);

    /// <summary>Where it grows.</summary>
    public string Partial(HubFile file) => Blob(file) + ".incomplete";

    /// <summary>Bytes of the file that are here already.</summary>
    public long Here(HubFile file) =>
        File.Exists(Blob(file)) ? file.Size : new FileInfo(Partial(file)) is { Exists: true } partial ? Math.Min(partial.Length, file.Size) : 0;

    /// <summary>Holds the file for this process alone; another that fetches the same waits and then finds it.</summary>
    public async Task<IDisposable> Lock(HubFile file, Func<TimeSpan, CancellationToken, Task> wait, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_locks);
        Directory.CreateDirectory(_blobs);
        var path = Path.Combine(_locks, file.Hash + ".lock");
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try { return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None); } // flock, as Python's filelock takes
            catch (IOException) when (File.Exists(path)) { await wait(TimeSpan.FromSeconds(1), cancellation); }
        }
    }

    /// <summary>Makes a complete partial file the content, and shows it in the snapshot.</summary>
    public void Keep(HubFile file)
    {
        if (File.Exists(Partial(file))) File.Move(Partial(file), Blob(file), overwrite: true);
        var link = Path.Combine(_snapshot, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        if (!Path.Exists(link)) File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, Blob(file)));
    }

    /// <summary>Puts the content at <paramref name="target"/>: as a second name of the same bytes where the file system can, else as a copy.</summary>
    public void Place(HubFile file, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var blob = File.ResolveLinkTarget(Blob(file), returnFinalTarget: true)?.FullName ?? Blob(file);
        if (!HardLink.TryMake(blob, target)) File.Copy(blob, target);
    }
}
