using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Executors.Local;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Following;

/// <summary>From the folders of attempts.</summary>
internal sealed class DiskLiveFacts(IRunFiles files, string state) : ILiveFacts
{
    private const string Reward = "reward";
    private const int TailBytes = 32 << 10; // some thirty steps of GRPO
    private readonly LocalMachine _machine = LocalMachine.Detect();

    /// <inheritdoc/>
    public Heartbeat? Heartbeat(RunState run, StageState stage) =>
        Folder(run, stage) is { } folder ? files.Heartbeat(folder)?.Heartbeat : null;

    /// <inheritdoc/>
    public string? Waiting(StageState stage)
    {
        if (stage.Stage.Executor != ExecutorName.Local) return null;
        var (asked, taken) = (stage.Stage.Resources.Cpus ?? _machine.Cpus, _machine.CpusTaken(LocalMachine.SlotFolder(state)));
        return asked <= _machine.Cpus - taken ? "starting" : $"waits for {asked} of {_machine.Cpus} processors; {taken} taken";
    }

    /// <inheritdoc/>
    public IReadOnlyList<double> Rewards(RunState run, StageState stage)
    {
        if (Folder(run, stage) is not { } folder || !File.Exists(folder.Metrics)) return [];
        using var file = new FileStream(folder.Metrics, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(TailBytes, file.Length), SeekOrigin.End);
        using var reader = new StreamReader(file);
        var lines = reader.ReadToEnd().Split('\n'); // the first may be half of one, and the last is being written
        return [.. lines.Select(MetricsLine.Parse).OfType<MetricsLine>().Where(line => line.Values.ContainsKey(Reward)).Select(line => line.Values[Reward])];
    }

    private AttemptFolder? Folder(RunState run, StageState stage) =>
        stage.Last is { Alive: true } attempt ? AttemptFolder.Of(state, run.Run, stage.Instance, attempt.Number) : null;
}
