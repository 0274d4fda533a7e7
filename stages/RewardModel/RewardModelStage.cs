using Pipeline.Datasets.Packing;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;
using Pipeline.Stages.Preferences;

namespace Pipeline.Stages.RewardModel;

/// <summary>
/// <c>reward_model</c>: a language model with one score in place of the vocabulary, from pairs or from labels (DeepSeek-R1,
/// arXiv:2501.12948v2, supplementary B.2). See README.md in this folder.
/// </summary>
public static class RewardModelStage
{
    private const int StepsPerCheckpoint = 50;

    /// <summary>Trains from the input <c>model</c> and writes the output <c>model</c>.</summary>
    public static StageOutcome Run(StageContext stage)
    {
        var options = stage.Options<RewardModelOptions>();
        var device = TorchRuntime.Open(stage.Job);
        using var model = ScoreModel.FromLanguageModel(stage.Input("model"), Seeds.Of(stage.Seed, "score"), device);
        model.Adapt(stage, options.Lora);
        IRewardObjective objective = options.Objective == RewardObjective.Pairwise
            ? Pairwise.Read(stage, model, options)
            : Pointwise.Read(stage, model, options);
        var batchSize = Math.Min(options.BatchSize, objective.Training);
        var steps = (int)Math.Ceiling((double)options.Epochs * objective.Training / batchSize);
        var order = new ShuffledRows(Seeds.Of(stage.Seed, "order"), objective.Training);

        using var loop = new TrainingLoop(stage, model.Model, options, new(steps, StepsPerCheckpoint, model.Chat.Tokenizer.Digest)
        {
            Adapter = model.Adapter,
        });
        foreach (var step in loop.Steps())
        {
            (var rows, loop.Cursor) = order.Take(loop.Cursor, batchSize);
            var (loss, accuracy, tokens) = objective.Backward(rows);
            var rate = loop.LearningRate;
            var gradNorm = loop.Update(loss);
            stage.Work.Add(tokens);
            loop.Complete(
            [
                new("loss", loss), new("accuracy", accuracy), new("grad_norm", gradNorm), new("learning_rate", rate),
                new("epoch", (double)step * batchSize / objective.Training),
            ]);
        }
        if (loop.WasInterrupted) return StageOutcome.Interrupted;

        stage.Heartbeat.Enter("evaluating");
        var heldOut = objective.HeldOutVerdicts();
        stage.Heartbeat.Enter("saving");
        stage.Outputs.Write("model", model.Save);
        return stage.Finish([new("loss", loop.LastMetrics["loss"]), .. HeldOutAccuracy.Of(stage, heldOut)]);
    }
}
