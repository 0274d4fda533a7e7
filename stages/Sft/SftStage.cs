using Pipeline.Datasets.Packing;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Evaluation;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;
using static TorchSharp.torch;

namespace Pipeline.Stages.Sft;

/// <summary>
/// <c>sft</c>: supervised fine-tuning by cross-entropy on the completion tokens of chat rows (DeepSeek-R1, arXiv:2501.12948,
/// sections 2.3.1 and 2.3.3). See README.md in this folder.
/// </summary>
public static class SftStage
{
    private const int StepsPerCheckpoint = 50;

    /// <summary>Trains the input <c>model</c> and writes the output <c>model</c>.</summary>
    public static StageOutcome Run(StageContext stage)
    {
        var options = stage.Options<SftOptions>();
        var device = TorchRuntime.Open(stage.Job);
        using var model = ChatModel.Load(stage, "model", options.ChatTemplate, device);
        return Train(stage, options, model, device, LanguageLoss.Backward);
    }

    /// <summary>The story itself; distillation tells it of a student.</summary>
    internal static StageOutcome Train(StageContext stage, SftOptions options, ChatModel model, Device device, ExampleLoss backward)
    {
        model.Adapt(stage, options.Lora);
        using var examples = ChatExamples.Read(stage, model, options.MaxLength);
        var batchSize = Math.Min(options.BatchSize, examples.Count);
        var stepsOfEpochs = (int)Math.Ceiling((double)options.Epochs * examples.Count / batchSize);
        var steps = Math.Min(options.MaxSteps ?? int.MaxValue, stepsOfEpochs);
        var order = new ShuffledRows(Seeds.Of(stage.Seed, "order"), examples.Count);

        using var loop = new TrainingLoop(stage, model.Model, options, new(steps, StepsPerCheckpoint, model.Tokenizer.Digest)
        {
            Adapter = model.Adapter,
            Evaluation = PassAtOne.Of(stage, model, options.Evaluate),
        });
        foreach (var step in loop.Steps())
        {
            (var rows, loop.Cursor) = order.Take(loop.Cursor, batchSize);
            // Every token of the step weighs the same, whichever row and micro-batch it is in.
            var batch = rows.Select(row => examples[row]).ToList();
            var stepTokens = batch.Sum(ShiftedBatch.Counting);
            var (loss, entropy) = (0.0, 0.0);
            foreach (var microBatch in Rows(batch, options, model).Chunk(options.MicroBatchSize))
            {
                var part = backward(model.Model, microBatch, stepTokens, device);
                (loss, entropy) = (loss + part.Loss, entropy + part.Entropy);
            }
            var rate = loop.LearningRate;
            var gradNorm = loop.Update(loss);
            stage.Work.Add(batch.Sum(example => example.Length));
            loop.Complete(
            [
                new("loss", loss), new("entropy", entropy), new("grad_norm", gradNorm), new("learning_rate", rate),
                new("epoch", (double)step * batchSize / examples.Count),
            ]);
        }
        if (loop.WasInterrupted) return StageOutcome.Interrupted;

        stage.Heartbeat.Enter("saving");
        stage.Outputs.Write("model", model.Save);
        return stage.Finish(loop.LastMetrics);
    }

    /// <summary>
    /// The examples of a step as rows of a forward pass: packed, or one a row with those of like length together, so that
    /// little of a micro-batch is padding.
    /// </summary>
    private static IReadOnlyList<IReadOnlyList<TokenExample>> Rows(IEnumerable<TokenExample> batch, SftOptions options, ChatModel model) =>
        options.Packing
            ? ExamplePacking.BestFitDecreasing(batch, ChatExamples.Limit(options.MaxLength, model))
            : [.. batch.OrderBy(example => example.Length).Select(example => new[] { example })];
}
