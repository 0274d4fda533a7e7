namespace Pipeline.Hub;

/// <summary>Fetches a repository of the Hub, or some files of it, into the shared cache and from there to a folder.</summary>
/// <param name="settings">Where from, where to, with which token.</param>
/// <param name="clock">Where time comes from.</param>
/// <param name="wait">Waits; null for really.</param>
/// <param name="silence">How long a connection may say nothing; null for a minute.</param>
public sealed class HubFetch(HubSettings settings, TimeProvider clock, Func<TimeSpan, CancellationToken, Task>? wait = null, TimeSpan? silence = null) : IDisposable
{
    private readonly Func<TimeSpan, CancellationToken, Task> _wait = wait ?? ((delay, cancellation) => Task.Delay(delay, clock, cancellation));
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The files of <paramref name="repository"/> that one of <paramref name="patterns"/> means.</summary>
    /// <exception cref="HubException">There is no such repository or file, or it cannot be had.</exception>
    public async Task<IReadOnlyList<HubFile>> List(HubRepository repository, IReadOnlyList<string> patterns, CancellationToken cancellation)
    {
        var all = await HubListing.Read(Connection, repository, Patience(), cancellation);
        HubFile[] meant = [.. all.Where(file => patterns.Any(pattern => FilePattern.Matches(pattern, file.Path)))];
        return meant.Length > 0 ? meant : throw new HubException(HubErrors.NotFound,
            $"No file of {repository} is meant by {string.Join(", ", patterns)}; it has {string.Join(", ", all.Select(file => file.Path).Take(8))}{(all.Count > 8 ? ", …" : "")}.");
    }

    /// <summary>Brings the files into the cache, each checked by its hash, also those that lie there already.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="files">Files of it.</param>
    /// <param name="progress">Told how many bytes of all are there.</param>
    /// <param name="cancellation">Ends it; what came is kept.</param>
    /// <exception cref="HubException">A file does not come or is not what was listed.</exception>
    public async Task Bring(HubRepository repository, IReadOnlyList<HubFile> files, Action<long> progress, CancellationToken cancellation)
    {
        var cache = new HubCache(settings.Cache, repository);
        Directory.CreateDirectory(settings.Cache);
        var missing = files.Sum(file => file.Size - cache.Here(file));
        if (new DriveInfo(Path.GetFullPath(settings.Cache)).AvailableFreeSpace is var free && missing > free)
            throw new HubException(HubErrors.NoRoom,
                $"{repository} needs {Size(missing)} more in {settings.Cache}, where {Size(free)} are free. Make room, or name another folder in HF_HUB_CACHE.");
        var there = files.Sum(cache.Here);
        progress(there);
        var patience = Patience();
        var download = new HubDownload(Connection, repository, silence ?? TimeSpan.FromMinutes(1), patience, came => progress(there += came));
        foreach (var file in files)
        {
            using var held = await cache.Lock(file, _wait, cancellation);
            if (!await file.IsAt(cache.Blob(file), cancellation))
            {
                if (File.Exists(cache.Blob(file)))
                {
                    File.Delete(cache.Blob(file)); // damaged since it was fetched
                    progress(there -= file.Size);
                }
                await download.To(cache.Partial(file), file, cancellation);
            }
            cache.Keep(file);
        }
    }

    /// <summary>Puts files that were brought into <paramref name="folder"/>.</summary>
    public void Place(HubRepository repository, IReadOnlyList<HubFile> files, string folder)
    {
        var cache = new HubCache(settings.Cache, repository);
        foreach (var file in files)
            cache.Place(file, Path.Combine(folder, repository.IsDataset ? file.Path.Replace('/', '-') : file.Path)); // a dataset is read from one folder
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private HubConnection Connection => new(_http, settings);

    private Patience Patience() => new(clock, _wait);

    private static string Size(long bytes) => $"{bytes / 1e9:F2} GB";
}
