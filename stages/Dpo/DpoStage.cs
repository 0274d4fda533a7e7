using Pipeline.Datasets.Packing;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Evaluation;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;
using Pipeline.Stages.Preferences;

namespace Pipeline.Stages.Dpo;

/// <summary>
/// <c>dpo</c>: direct preference optimization, a policy from pairs without a reward model (arXiv:2305.18290). See README.md in
/// this folder.
/// </summary>
public static class DpoStage
{
    private const int StepsPerCheckpoint = 50;

    /// <summary>Trains the input <c>model</c> on the pairs of the input <c>dataset</c> and writes the output <c>model</c>.</summary>
    public static StageOutcome Run(StageContext stage)
    {
        var options = stage.Options<DpoOptions>();
        var device = TorchRuntime.Open(stage.Job);
        using var policy = ChatModel.Load(stage.Input("model"), device);
        policy.Adapt(stage, options.Lora);
        // The reference is the policy as it begins: what it says of the pairs is asked once, and no second model is kept.
        stage.Heartbeat.Enter("loading");
        var learning = new PreferenceLearning(policy.Model, options, device);
        var split = PolicyPair.Read(stage, policy, options);
        var (training, heldOut) = (learning.WithReference(split.Training), learning.WithReference(split.HeldOut));
        var batchSize = Math.Min(options.BatchSize, training.Count);
        var steps = (int)Math.Ceiling((double)options.Epochs * training.Count / batchSize);
        var order = new ShuffledRows(Seeds.Of(stage.Seed, "order"), training.Count);

        using var loop = new TrainingLoop(stage, policy.Model, options, new(steps, StepsPerCheckpoint, policy.Tokenizer.Digest)
        {
            Adapter = policy.Adapter,
            Evaluation = PassAtOne.Of(stage, policy, options.Evaluate),
        });
        foreach (var step in loop.Steps())
        {
            (var rows, loop.Cursor) = order.Take(loop.Cursor, batchSize);
            var pairs = rows.Select(row => training[row]).ToList();
            var metrics = learning.Backward(pairs);
            var rate = loop.LearningRate;
            var gradNorm = loop.Update(metrics.Loss);
            stage.Work.Add(pairs.Sum(pair => pair.Tokens));
            loop.Complete(
            [
                .. metrics.Named(), new("grad_norm", gradNorm), new("learning_rate", rate),
                new("epoch", (double)step * batchSize / training.Count),
            ]);
        }
        if (loop.WasInterrupted) return StageOutcome.Interrupted;

        stage.Heartbeat.Enter("evaluating");
        var accuracy = HeldOutAccuracy.Of(stage, learning.Margins(heldOut).Select(margin => margin > 0).ToList());
        stage.Heartbeat.Enter("saving");
        stage.Outputs.Write("model", policy.Save);
        return stage.Finish([.. loop.LastMetrics, .. accuracy]);
    }
}
