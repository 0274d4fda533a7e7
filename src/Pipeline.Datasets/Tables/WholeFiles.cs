using Pipeline.Protocol;

namespace Pipeline.Datasets.Tables;

/// <summary>Files that are written side by side and are there all or not at all.</summary>
public sealed class WholeFiles : IDisposable
{
    private readonly string[] _targets;
    private readonly string[] _partials;
    private readonly FileStream[] _streams;

    /// <param name="targets">The files.</param>
    public WholeFiles(IEnumerable<string> targets)
    {
        _targets = [.. targets.Select(Path.GetFullPath)];
        foreach (var folder in _targets.Select(Path.GetDirectoryName).Distinct()) Directory.CreateDirectory(folder!);
        _partials = [.. _targets.Select(target => $"{target}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp")];
        _streams = [.. _partials.Select(partial => new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))];
    }

    /// <summary>What is written for each of them.</summary>
    public IReadOnlyList<FileStream> Streams => _streams;

    /// <summary>Gives the files their names. Whoever wrote has flushed its own buffers.</summary>
    public void Publish()
    {
        foreach (var stream in _streams)
        {
            stream.Flush(flushToDisk: true);
            stream.Dispose();
        }
        foreach (var (partial, target) in _partials.Zip(_targets)) File.Move(partial, target, overwrite: true);
        foreach (var folder in _targets.Select(Path.GetDirectoryName).Distinct()) WholeFile.FlushFolder(folder!);
    }

    /// <summary>Takes back what was not published.</summary>
    public void Dispose()
    {
        foreach (var stream in _streams) stream.Dispose();
        foreach (var partial in _partials) File.Delete(partial);
    }
}
