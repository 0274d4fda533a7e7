using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Pipeline.Engine.Checkpoints;
using Pipeline.Engine.Ports;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Attempts;

/// <summary>The folders of attempts and the artifacts, on disk.</summary>
public sealed class DiskRunFiles : IRunFiles
{
    private readonly ConcurrentDictionary<string, (string Stamp, string Digest)> _digests = new();

    /// <inheritdoc/>
    public void Prepare(AttemptFolder folder, JobFile job)
    {
        Directory.CreateDirectory(folder.Path);
        WholeFile.WriteJson(folder.Job, job);
        WholeFile.FlushFolder(Path.GetDirectoryName(folder.Path)!);
    }

    /// <inheritdoc/>
    public long FreeBytes(AttemptFolder folder)
    {
        var path = folder.Path;
        while (!Directory.Exists(path)) path = Path.GetDirectoryName(path)!;
        return new DriveInfo(path).AvailableFreeSpace;
    }

    /// <inheritdoc/>
    public long SizeOf(string checkpoint) => new DirectoryInfo(checkpoint).EnumerateFiles().Sum(file => file.Length);

    /// <inheritdoc/>
    public IReadOnlyList<StageEventLine> Events(AttemptFolder folder, long offset)
    {
        if (Whole(folder.Events) is not { } file || file.Length <= offset) return [];
        using var stream = new FileStream(folder.Events, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = offset;
        var bytes = new byte[stream.Length - offset];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

        var lines = new List<StageEventLine>();
        var rest = bytes.AsSpan(0, read);
        for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
        {
            offset += end + 1;
            lines.Add(new(Parse<StageEvent>(rest[..end]), offset));
        }
        return lines; // what follows the last line feed is still being written
    }

    /// <inheritdoc/>
    public HeartbeatSeen? Heartbeat(AttemptFolder folder)
    {
        if (Whole(folder.Heartbeat) is not { } file || Read<Heartbeat>(folder.Heartbeat) is not { } heartbeat) return null;
        return new(heartbeat, file.LastWriteTimeUtc);
    }

    /// <inheritdoc/>
    public ResultFile? Result(AttemptFolder folder) =>
        Whole(folder.Result) is null ? null : Read<ResultFile>(folder.Result) is { Protocol: 1 } result ? result : null;

    /// <inheritdoc/>
    /// <remarks>
    /// A base model of many gigabytes is read once, not once a stage: the digest is kept for as long as no file below
    /// the path changes its size or modification time.
    /// </remarks>
    public string? Digest(string path)
    {
        try
        {
            var stamp = Stamp(path);
            if (_digests.TryGetValue(path, out var known) && known.Stamp == stamp) return known.Digest;
            var digest = ArtifactDigest.Of(path);
            _digests[path] = (stamp, digest);
            return digest;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException) { return null; }
    }

    /// <inheritdoc/>
    public IReadOnlyList<CheckpointFolder> Checkpoints(AttemptFolder folder) => CheckpointVerification.In(folder);

    /// <inheritdoc/>
    public IReadOnlyDictionary<long, double> Metric(AttemptFolder folder, string name) => MetricsFile.Values(folder.Metrics, name);

    /// <inheritdoc/>
    public string? Damage(CheckpointFolder checkpoint, string fingerprint) => CheckpointVerification.Damage(checkpoint, fingerprint);

    /// <inheritdoc/>
    public void Delete(CheckpointFolder checkpoint)
    {
        // By a name that no reader takes for a checkpoint, and that `gc` removes should we be killed in between.
        var doomed = checkpoint.Path + CheckpointVerification.UnfinishedMark + "deleted";
        if (Directory.Exists(doomed)) Directory.Delete(doomed, recursive: true);
        CrashPoint.Before("checkpoint-rename");
        Directory.Move(checkpoint.Path, doomed);
        CrashPoint.After("checkpoint-rename");
        CrashPoint.Before("checkpoint-remove");
        Directory.Delete(doomed, recursive: true);
        CrashPoint.After("checkpoint-remove");
    }

    private static FileInfo? Whole(string path) => new FileInfo(path) is { Exists: true } file ? file : null;

    private static T? Read<T>(string path) where T : class
    {
        try
        {
            return Parse<T>(File.ReadAllBytes(path));
        }
        catch (IOException) { return null; } // replaced at this very moment, or a network file system hiccuped: ask again
    }

    private static T? Parse<T>(ReadOnlySpan<byte> json) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, ProtocolJson.Line);
        }
        catch (JsonException) { return null; }
    }

    private static string Stamp(string path)
    {
        var stamp = new StringBuilder();
        FileInfo[] files = Directory.Exists(path)
            ? [.. new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal)]
            : [new FileInfo(path)];
        foreach (var file in files)
            stamp.Append(file.FullName).Append('|').Append(file.Length).Append('|').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
        return stamp.ToString();
    }
}
