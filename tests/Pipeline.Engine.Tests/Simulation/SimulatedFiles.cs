using Pipeline.Engine.Checkpoints;
using Pipeline.Engine.Ports;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>The simulated machine's disk as one engine sees it. A killed engine changes nothing there any more.</summary>
internal sealed class SimulatedFiles(SimulatedMachine machine, VirtualProcess engine) : IRunFiles
{
    private const int LineBytes = 100;

    public void Prepare(AttemptFolder folder, JobFile job)
    {
        if (engine.IsDead) return;
        if (!machine.Folders.TryGetValue(folder.Path, out var found)) machine.Folders[folder.Path] = found = new SimulatedFolder();
        found.Job = job;
    }

    public long FreeBytes(AttemptFolder folder) => machine.FreeBytes;

    public long SizeOf(string checkpoint) => 0;

    public IReadOnlyList<StageEventLine> Events(AttemptFolder folder, long offset) =>
    [
        .. (Find(folder)?.Events ?? []).Select((line, i) => new StageEventLine(line, (i + 1) * LineBytes))
            .Where(line => line.End > offset),
    ];

    public HeartbeatSeen? Heartbeat(AttemptFolder folder) =>
        Find(folder) is { Heartbeat: { } heartbeat } found ? new(heartbeat, found.HeartbeatWritten) : null;

    public ResultFile? Result(AttemptFolder folder) => Find(folder)?.Result;

    public string? Digest(string path) => machine.Artifacts.GetValueOrDefault(path);

    public IReadOnlyList<CheckpointFolder> Checkpoints(AttemptFolder folder) =>
    [
        .. (Find(folder)?.Checkpoints.Keys ?? Enumerable.Empty<long>())
            .Select(step => new CheckpointFolder(SimulatedMachine.CheckpointPath(folder.Path, step), step)),
    ];

    public IReadOnlyDictionary<long, double> Metric(AttemptFolder folder, string name) => new Dictionary<long, double>();

    public string? Damage(CheckpointFolder checkpoint, string fingerprint)
    {
        var folder = Owner(checkpoint);
        return folder.Job!.Fingerprint != fingerprint ? "it was made under another fingerprint"
            : folder.Checkpoints[checkpoint.Step] ? "it is torn" : null;
    }

    public void Delete(CheckpointFolder checkpoint)
    {
        if (!engine.IsDead) Owner(checkpoint).Checkpoints.Remove(checkpoint.Step);
    }

    private SimulatedFolder? Find(AttemptFolder folder) => machine.Folders.GetValueOrDefault(folder.Path);

    private SimulatedFolder Owner(CheckpointFolder checkpoint) =>
        machine.Folders[checkpoint.Path[..checkpoint.Path.IndexOf("/checkpoints/", StringComparison.Ordinal)]];
}
