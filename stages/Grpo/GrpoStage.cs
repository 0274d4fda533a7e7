using Pipeline.Datasets.Packing;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Evaluation;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;

namespace Pipeline.Stages.Grpo;

/// <summary>
/// <c>grpo</c>: reinforcement learning with group-relative advantages (DeepSeekMath, arXiv:2402.03300; DeepSeek-R1,
/// arXiv:2501.12948, eq. 1-3). See README.md in this folder.
/// </summary>
public static class GrpoStage
{
    private const int StepsPerCheckpoint = 20;

    /// <summary>Trains the input <c>model</c> on the input <c>prompts</c> and writes the output <c>model</c>.</summary>
    public static StageOutcome Run(StageContext stage)
    {
        var options = stage.Options<GrpoOptions>();
        var device = TorchRuntime.Open(stage.Job);
        using var policy = ChatModel.Load(stage, "model", options.ChatTemplate, device);
        FormatCheck.Require(options.Rewards, policy.Chat.Prefill);
        policy.Adapt(stage, options.Lora);
        using var reference = ReferencePolicy.Of(policy, options, device);
        using var scorer = CompletionScorer.Of(stage, options, device);
        using var updateLog = new MetricsWriter(stage.Folder.Updates, stage.Clock);
        var prompts = PromptSet.Read(stage.Inputs("prompts"), policy, options.Sampling.MaxTokens, stage.Events);
        var order = new PromptOrder(prompts, Seeds.Of(stage.Seed, "order"), options.Curriculum);
        var sampling = new GroupSampling(stage, new CompletionSampler(policy), scorer, order, options);
        var objective = PolicyObjective.Of(options);
        var update = new PolicyUpdate(policy.Model, objective.Terms.Kl is null ? null : reference, objective, options, device);
        var late = new LateRewards(stage.Events);
        var reflection = new Reflection(options.ReflectionWords);
        var files = new RolloutFiles(stage.Folder.Rollouts, options);

        using var loop = new TrainingLoop(stage, policy.Model, options, new(options.Steps, StepsPerCheckpoint, policy.Tokenizer.Digest)
        {
            Adapter = policy.Adapter,
            Evaluation = PassAtOne.Of(stage, policy, options.Evaluate),
            Reference = reference?.Weights,
            Watch = new HealthWatch(stage.Events),
        });
        foreach (var step in loop.Steps())
        {
            // A group of completions for each of the step's prompts, by the policy as it is now, and what each is worth.
            stage.Heartbeat.Enter("sampling");
            var (scored, samplingMetrics) = sampling.Take(loop, step);
            var completions = scored.Select(one => one.Completion).ToList();
            late.Tell(step, scored);

            // How much better that is than its siblings.
            stage.Heartbeat.Enter("training");
            var paid = options.KlIn == KlPlace.Reward ? reference?.Divergences(completions) : null;
            var groups = RewardGroups.Of([.. scored.Select(one => one.Reward)], paid, options, objective.Advantages);
            var rollouts = scored.Zip(groups.Advantages, (one, advantage) => new Rollout(one.Completion, advantage)
            {
                IsLearnt = one.Reward.IsJudged && !(options.MaskTruncated && one.Completion.IsTruncated),
            }).ToList();
            if (objective.Terms.Importance is not null && options.MiniBatches * options.InnerEpochs > 1)
                rollouts = update.WithProximalLogProbs(rollouts);

            // One optimizer step on each random part of the rollouts, in one pass or several.
            var rate = loop.LearningRate;
            var updates = new List<UpdateMetrics>();
            foreach (var part in Parts(rollouts, options, Seeds.Of(stage.Seed, "mini_batches", step)))
            {
                var metrics = update.Backward(part);
                updates.Add(metrics with { GradNorm = loop.Update(metrics.Loss) });
                updateLog.Write(step, updates[^1].Line(updates.Count));
            }

            reference?.Follow(step);
            files.Write(step, rollouts, scored, groups);
            loop.Complete(
            [
                .. UpdateMetrics.Mean(updates, paid?.Sum() / completions.Sum(completion => completion.Tokens.Length)), new("learning_rate", rate),
                .. groups.Metrics(), .. RewardMetrics.Of([.. scored.Select(one => one.Reward)]), .. RolloutMetrics.Of(completions, reflection), .. samplingMetrics,
            ]);
        }
        if (loop.WasInterrupted) return StageOutcome.Interrupted;

        stage.Heartbeat.Enter("saving");
        stage.Outputs.Write("model", policy.Save);
        return stage.Finish(loop.LastMetrics);
    }

    /// <summary>For each pass the rollouts in another random order, cut into equal parts (the sizes differ by one at most).</summary>
    internal static IEnumerable<IReadOnlyList<Rollout>> Parts(List<Rollout> rollouts, GrpoOptions options, ulong seed)
    {
        for (var epoch = 0; epoch < options.InnerEpochs; epoch++)
        {
            var order = SeededOrder.Permutation(seed, epoch, rollouts.Count);
            for (var part = 0; part < options.MiniBatches; part++)
            {
                var (start, end) = (part * order.Length / options.MiniBatches, (part + 1) * order.Length / options.MiniBatches);
                if (end > start) yield return [.. order[start..end].Select(index => rollouts[index])];
            }
        }
    }
}
