using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Evaluation;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;

namespace Pipeline.Stages.Pretrain;

/// <summary>
/// <c>pretrain</c>: a small base model from nothing, by predicting the next token of packed text. The paper starts from
/// DeepSeek-V3-Base; this stage makes what stands in for it. See README.md in this folder.
/// </summary>
public static class PretrainStage
{
    private const int StepsPerCheckpoint = 100;

    /// <summary>Trains and writes the output <c>model</c>.</summary>
    public static StageOutcome Run(StageContext stage)
    {
        var options = stage.Options<PretrainOptions>();
        if (options.SequenceLength > options.Shape.MaxPositions)
            throw new ConfigException(StageErrors.OptionInvalid,
                $"sequence_length is {options.SequenceLength}, but shape.max_positions is {options.Shape.MaxPositions}; the model could not read such a sequence.");
        var device = TorchRuntime.Open(stage.Job);
        using var model = ChatModel.New(options.Shape, stage.Input("tokenizer"), Seeds.Of(stage.Seed, "weights"), device);

        // Documents end to end with the end token between them, cut into sequences of one length.
        var documents = Dataset.Stream<TextRow>(stage.Input("dataset")).Select(row => model.Tokenizer.Encode(row.Text));
        using var sequences = TokenFile.Of(SequencePacking.Blocks(documents, model.Tokenizer.EosId, options.SequenceLength), stage.Folder.Path);
        if (sequences.Count == 0)
            throw new ConfigException(StageErrors.NothingToTrain,
                $"The dataset has fewer than {options.SequenceLength} tokens, not even one sequence. Lower sequence_length or give more text.");
        var order = new ShuffledRows(Seeds.Of(stage.Seed, "order"), sequences.Count);
        var tokensPerStep = (long)options.BatchSize * (options.SequenceLength - 1); // a sequence's first token is nobody's prediction

        using var loop = new TrainingLoop(stage, model.Model, options, new(options.Steps, StepsPerCheckpoint, model.Tokenizer.Digest)
        {
            Evaluation = PassAtOne.Of(stage, model, options.Evaluate),
        });
        foreach (var step in loop.Steps())
        {
            (var rows, loop.Cursor) = order.Take(loop.Cursor, options.BatchSize);
            var (loss, entropy) = LanguageLoss.Backward(model.Model, [.. rows.Select(row => new[] { sequences[row] })], tokensPerStep, device);
            var rate = loop.LearningRate;
            var gradNorm = loop.Update(loss);
            stage.Work.Add((long)options.BatchSize * options.SequenceLength);
            loop.Complete(
            [
                new("loss", loss), new("entropy", entropy), new("grad_norm", gradNorm), new("learning_rate", rate),
                new("epoch", (double)step * options.BatchSize / sequences.Count),
            ]);
        }
        if (loop.WasInterrupted) return StageOutcome.Interrupted;

        stage.Heartbeat.Enter("saving");
        stage.Outputs.Write("model", model.Save);
        return stage.Finish(loop.LastMetrics);
    }
}
