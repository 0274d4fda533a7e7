using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Following;

/// <summary>How far the live attempts of a run are.</summary>
internal sealed class StageProgress(ILiveFacts live, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);
    private readonly Dictionary<(string Instance, int Attempt), Queue<(DateTimeOffset At, long Step)>> _seen = [];

    /// <summary>The newest heartbeat of a stage's live attempt; null if it has none.</summary>
    public Heartbeat? Of(RunState run, StageState stage) => stage.Last is { Alive: true } ? live.Heartbeat(run, stage) : null;

    /// <summary>What a stage waits for whose job was handed over and has not begun.</summary>
    public string Waiting(StageState stage) => live.Waiting(stage) ?? "starting, or waiting for processors";

    /// <summary>The newest rewards of a stage's live attempt; none where it has none.</summary>
    public IReadOnlyList<double> Rewards(RunState run, StageState stage) => stage.Last is { Alive: true } ? live.Rewards(run, stage) : [];

    /// <summary>Steps a second, over the last twenty; null until two steps were seen.</summary>
    public double? Rate(StageState stage, Heartbeat heartbeat)
    {
        var key = (stage.Instance, stage.Last!.Number);
        if (!_seen.TryGetValue(key, out var seen)) seen = _seen[key] = [];
        var now = time.GetUtcNow();
        if (seen.Count == 0 || seen.Last().Step != heartbeat.Step) seen.Enqueue((now, heartbeat.Step));
        while (seen.Count > 2 && now - seen.Peek().At > Window) seen.Dequeue();
        var (first, last) = (seen.Peek(), seen.Last());
        return last.Step > first.Step ? (last.Step - first.Step) / (last.At - first.At).TotalSeconds : null;
    }
}
