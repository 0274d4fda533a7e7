using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Stages;
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

    // A reward of 0 to 1 a term, and its mean over a step's completions scatters by some 0.03.
    private const double SmoothingOfReward = 0.1;
    private const double SmallestRise = 0.01;
    private const int StepsWithoutRise = 100;

    /// <inheritdoc/>
    public IReadOnlyList<string> Look(int step, IReadOnlyDictionary<string, double> metrics, JsonObject memory)
    {
        var raised = new List<string>();
        var before = memory["health"].Deserialize<Memory>(ProtocolJson.Line) ?? new Memory
        {
            FirstEntropy = metrics["entropy"], FirstTruncated = metrics["completions/clipped_ratio"],
            Reward = metrics["reward"], Height = new(metrics["reward"], step),
        };
        var streaks = new SortedDictionary<string, int>(before.Streaks.ToDictionary(), StringComparer.Ordinal);

        Check(AlarmCodes.EntropyCollapse, metrics["entropy"] < CollapsedEntropyShare * before.FirstEntropy,
            $"The policy's entropy is {metrics["entropy"]:0.####} nats, it began at {before.FirstEntropy:0.####}: it hardly explores. "
            + "Raise clip_high or kl_coefficient, or lower the learning rate.");
        Check(AlarmCodes.NoSpread, metrics["frac_reward_zero_std"] >= 1,
            "All completions of each group score the same, so nothing is learnt. The prompts may be too hard or too easy.");
        Check(AlarmCodes.LengthExplosion, metrics["completions/clipped_ratio"] > MostTruncated && before.FirstTruncated < MostTruncated / 2,
            $"{metrics["completions/clipped_ratio"]:P0} of the completions meet the length limit, at first {before.FirstTruncated:P0} did.");
        Check(AlarmCodes.SamplerDivergence, metrics["sampling/sampling_logp_difference/mean"] > LargestSamplerDifference,
            $"Sampler and trainer differ by {metrics["sampling/sampling_logp_difference/mean"]:0.####} nats a token: they do not compute the same policy.");

        // Smoothed, since a step's mean goes up and down by chance.
        var reward = double.IsNaN(metrics["reward"]) ? before.Reward : before.Reward + SmoothingOfReward * (metrics["reward"] - before.Reward);
        var height = reward > before.Height.Reward + SmallestRise ? new Height(reward, step) : before.Height;
        Check(AlarmCodes.RewardFlat, step - height.Step >= StepsWithoutRise,
            $"The reward has been at {reward:0.###} for {step - height.Step} steps: all is learnt that these prompts teach, or nothing is.", stepsInARow: 1);

        var best = before.Best;
        if (metrics.TryGetValue("eval/pass@1", out var passAtOne))
        {
            var now = new Evaluated(passAtOne, metrics["eval/pass@1_low"], metrics["reward"]);
            Check(AlarmCodes.RewardHacking, best is not null && metrics["eval/pass@1_high"] < best.Low && now.Reward > best.Reward,
                $"The reward rose from {best?.Reward:0.###} to {now.Reward:0.###}, but pass@1 on held-out prompts fell from {best?.PassAtOne:0.###} to {passAtOne:0.###}.",
                stepsInARow: 1);
            if (best is null || passAtOne > best.PassAtOne) best = now;
        }
        memory["health"] = JsonSerializer.SerializeToNode(before with { Streaks = streaks, Best = best, Reward = reward, Height = height }, ProtocolJson.Line);
        return raised;

        void Check(string code, bool isWrong, string message, int stepsInARow = StepsInARow)
        {
            streaks[code] = isWrong ? streaks.GetValueOrDefault(code) + 1 : 0;
            if (streaks[code] != stepsInARow) return;
            events.Alarm(step, code, message);
            raised.Add(code);
        }
    }

    private sealed record Memory
    {
        public required double FirstEntropy { get; init; }
        public required double FirstTruncated { get; init; }
        public IReadOnlyDictionary<string, int> Streaks { get; init; } = new Dictionary<string, int>();
        public Evaluated? Best { get; init; }
        public required double Reward { get; init; }
        public required Height Height { get; init; }
    }

    private sealed record Height(double Reward, int Step);

    private sealed record Evaluated(double PassAtOne, double Low, double Reward);
}
