using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;

namespace Pipeline.Stages.Grpo;

/// <summary>
/// Raises an alarm when RL goes wrong in one of the ways known from open reproductions. Training goes on: a person, or a
/// <c>stop_when</c> of the pipeline, decides. An alarm is raised once, and again only after the trouble was over.
/// </summary>
/// <param name="events">Where alarms are told.</param>
public sealed class HealthWatch(StageEvents events) : IMetricsWatch
{
    // Distances from the first step, since what is healthy depends on model and task; found by making each go wrong.
    private const double CollapsedEntropyShare = 0.05;
    private const double MostTruncated = 0.5;
    private const double LargestSamplerDifference = 0.05; // nats a token; rounding is 1e-5 in float32 and 1e-2 in bfloat16
    private const int StepsInARow = 5;

    /// <inheritdoc/>
    public void Look(int step, IReadOnlyDictionary<string, double> metrics, JsonObject memory)
    {
        var before = memory["health"].Deserialize<Memory>(ProtocolJson.Line) ?? new Memory
        {
            FirstEntropy = metrics["entropy"], FirstTruncated = metrics["completions/clipped_ratio"],
        };
        var streaks = new SortedDictionary<string, int>(before.Streaks.ToDictionary(), StringComparer.Ordinal);

        Check("ENTROPY_COLLAPSE", metrics["entropy"] < CollapsedEntropyShare * before.FirstEntropy,
            $"The policy's entropy is {metrics["entropy"]:0.####} nats, it began at {before.FirstEntropy:0.####}: it hardly explores. "
            + "Raise clip_high or kl_coefficient, or lower the learning rate.");
        Check("NO_SPREAD", metrics["frac_reward_zero_std"] >= 1,
            "All completions of each group score the same, so nothing is learnt. The prompts may be too hard or too easy.");
        Check("LENGTH_EXPLOSION", metrics["completions/clipped_ratio"] > MostTruncated && before.FirstTruncated < MostTruncated / 2,
            $"{metrics["completions/clipped_ratio"]:P0} of the completions meet the length limit, at first {before.FirstTruncated:P0} did.");
        Check("SAMPLER_DIVERGENCE", metrics["sampling/sampling_logp_difference/mean"] > LargestSamplerDifference,
            $"Sampler and trainer differ by {metrics["sampling/sampling_logp_difference/mean"]:0.####} nats a token: they do not compute the same policy.");

        var best = before.Best;
        if (metrics.TryGetValue("eval/pass@1", out var passAtOne))
        {
            var now = new Evaluated(passAtOne, metrics["eval/pass@1_low"], metrics["reward"]);
            Check("REWARD_HACKING", best is not null && metrics["eval/pass@1_high"] < best.Low && now.Reward > best.Reward,
                $"The reward rose from {best?.Reward:0.###} to {now.Reward:0.###}, but pass@1 on held-out prompts fell from {best?.PassAtOne:0.###} to {passAtOne:0.###}.",
                stepsInARow: 1);
            if (best is null || passAtOne > best.PassAtOne) best = now;
        }
        memory["health"] = JsonSerializer.SerializeToNode(before with { Streaks = streaks, Best = best }, ProtocolJson.Line);

        void Check(string code, bool isWrong, string message, int stepsInARow = StepsInARow)
        {
            streaks[code] = isWrong ? streaks.GetValueOrDefault(code) + 1 : 0;
            if (streaks[code] == stepsInARow) events.Alarm(step, code, message);
        }
    }

    private sealed record Memory
    {
        public required double FirstEntropy { get; init; }
        public required double FirstTruncated { get; init; }
        public IReadOnlyDictionary<string, int> Streaks { get; init; } = new Dictionary<string, int>();
        public Evaluated? Best { get; init; }
    }

    private sealed record Evaluated(double PassAtOne, double Low, double Reward);
}
