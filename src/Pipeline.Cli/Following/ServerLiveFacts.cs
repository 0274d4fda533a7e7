using System.Text.Json;
using Pipeline.Cli.Places;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Following;

/// <summary>From a server: as it was when asked last.</summary>
internal sealed class ServerLiveFacts(ServerClient client) : ILiveFacts
{
    private volatile IReadOnlyDictionary<string, Heartbeat> _heartbeats = new Dictionary<string, Heartbeat>();
    private volatile IReadOnlyDictionary<string, IReadOnlyList<double>> _rewards = new Dictionary<string, IReadOnlyList<double>>();

    /// <inheritdoc/>
    public Heartbeat? Heartbeat(RunState run, StageState stage) => _heartbeats.GetValueOrDefault(stage.Instance);

    /// <inheritdoc/>
    public string? Waiting(StageState stage) => null;

    /// <inheritdoc/>
    public IReadOnlyList<double> Rewards(RunState run, StageState stage) => _rewards.GetValueOrDefault(stage.Instance) ?? [];

    /// <summary>Asks again.</summary>
    public async Task Refresh(RunState run)
    {
        var detail = await client.Get($"runs/{run.Run}");
        var (heartbeats, rewards) = (new Dictionary<string, Heartbeat>(), new Dictionary<string, IReadOnlyList<double>>());
        foreach (var stage in detail.GetProperty("stages").EnumerateArray())
        {
            if (!stage.TryGetProperty("progress", out var progress)) continue;
            var instance = stage.GetProperty("instance").GetString()!;
            heartbeats[instance] = new Heartbeat(
                progress.GetProperty("step").GetInt64(), progress.GetProperty("total").GetInt64(), progress.GetProperty("phase").GetString()!,
                progress.TryGetProperty("eta_seconds", out var eta) ? eta.GetDouble() : null);
            rewards[instance] = await Rewards(run.Run, instance);
        }
        (_heartbeats, _rewards) = (heartbeats, rewards);
    }

    private async Task<IReadOnlyList<double>> Rewards(string run, string instance)
    {
        var curves = await client.Get($"runs/{run}/stages/{Uri.EscapeDataString(instance)}/metrics?names=reward&points=60");
        return curves.GetProperty("series").TryGetProperty("reward", out var reward)
            ? [.. reward.GetProperty("values").EnumerateArray().Where(value => value.ValueKind == JsonValueKind.Number).Select(value => value.GetDouble())]
            : [];
    }
}
