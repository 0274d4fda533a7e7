using Pipeline.Datasets.Packing;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Evaluation;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;
using Pipeline.Training.Models;
using static TorchSharp.torch;

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
        using var policy = ChatModel.Load(stage.Input("model"), device);
        using var reference = options.KlCoefficient > 0 ? CopyOf(policy, device) : null;
        using var judge = Judge.Of(stage, options.Rewards, device);
        var prompts = PromptSet.Read(stage.Inputs("prompts"), policy, options.Sampling.MaxTokens, stage.Events);
        var order = new ShuffledRows(Seeds.Of(stage.Seed, "order"), prompts.Count);
        var sampler = new CompletionSampler(policy);
        var update = new PolicyUpdate(policy.Model, reference, options, device);
        var files = new RolloutFiles(stage.Folder.Rollouts, options);
        var health = new HealthWatch(stage.Events);

        using var loop = new TrainingLoop(stage, policy.Model, options, new(options.Steps, StepsPerCheckpoint, policy.Tokenizer.Digest)
        {
            Evaluation = PassAtOne.Of(stage, policy, options.Evaluate),
            Reference = reference,
            Watch = health,
        });
        foreach (var step in loop.Steps())
        {
            // A group of completions for each of the step's prompts, by the policy as it is now.
            stage.Heartbeat.Enter("sampling");
            (var rows, loop.Cursor) = order.Take(loop.Cursor, options.PromptsPerStep);
            var completions = sampler.Sample([.. rows.Select(row => prompts[row])], options.GroupSize, options.Sampling, Seeds.Of(stage.Seed, "rollout", step));
            stage.Work.Add(completions.Sum(completion => completion.Prompt.Ids.Length + completion.Tokens.Length));

            // What each is worth, and how much better that is than its siblings.
            var judged = judge.Score(completions, step);
            var groups = RewardGroups.Of(judged, options.GroupSize, options.AdvantageScale);
            var rollouts = completions.Zip(groups.Advantages, (completion, advantage) => new Rollout(completion, advantage)).ToList();

            // One optimizer step on each random part of the rollouts.
            stage.Heartbeat.Enter("training");
            var rate = loop.LearningRate;
            var updates = new List<UpdateMetrics>();
            foreach (var part in Parts(rollouts, options.MiniBatches, Seeds.Of(stage.Seed, "mini_batches", step)))
            {
                var metrics = update.Backward(part);
                updates.Add(metrics with { GradNorm = loop.Update(metrics.Loss) });
            }

            if (reference is not null && options.ReferenceEvery > 0 && step % options.ReferenceEvery == 0)
                ModelWeights.Load(reference, ModelWeights.Of(policy.Model), "The policy");
            files.Write(step, rollouts, judged);
            loop.Complete(
            [
                .. UpdateMetrics.Mean(updates), new("learning_rate", rate),
                .. groups.Metrics(), .. judge.Metrics(judged), .. RolloutMetrics.Of(completions),
            ]);
        }
        if (loop.WasInterrupted) return StageOutcome.Interrupted;

        stage.Heartbeat.Enter("saving");
        stage.Outputs.Write("model", policy.Save);
        return stage.Finish(loop.LastMetrics);
    }

    /// <summary>The paper's reference: the policy as it began, until <c>reference_every</c> steps have passed.</summary>
    private static LanguageModel CopyOf(ChatModel policy, Device device)
    {
        var copy = new LanguageModel(policy.Model.Config, seed: 0, device);
        ModelWeights.Load(copy, ModelWeights.Of(policy.Model), "The policy");
        return copy;
    }

    /// <summary>The rollouts in a random order, cut into equal parts (the sizes differ by one at most).</summary>
    private static IEnumerable<IReadOnlyList<Rollout>> Parts(List<Rollout> rollouts, int parts, ulong seed)
    {
        var order = SeededOrder.Permutation(seed, epoch: 0, rollouts.Count);
        for (var part = 0; part < parts; part++)
        {
            var (start, end) = (part * order.Length / parts, (part + 1) * order.Length / parts);
            if (end > start) yield return [.. order[start..end].Select(index => rollouts[index])];
        }
    }
}
