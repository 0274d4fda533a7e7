using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Preferences;
using Pipeline.Training.Losses;
using static TorchSharp.torch;

namespace Pipeline.Stages.RewardModel;

/// <summary>Learns from single answers whether they are acceptable (safety in the paper).</summary>
internal sealed class Pointwise(ScoreModel model, HeldOutSplit<Pointwise.Labelled> split) : IRewardObjective
{
    /// <summary>An answer as tokens, and whether it is acceptable.</summary>
    internal sealed record Labelled(int[] Ids, bool Label);

    public static Pointwise Read(StageContext stage, ScoreModel model, RewardModelOptions options)
    {
        var rows = stage.Inputs("dataset").SelectMany(Dataset.Read<PointwiseRow>).Select(row =>
        {
            var labelled = new Labelled(model.Encode(row.Prompt, row.Completion), row.Label);
            return ($"{ProblemId.Of(row.Prompt)}\n{row.Completion}", labelled.Ids.Length, labelled);
        }).ToList();
        return new(model, HeldOutSplit<Labelled>.Of(stage, options.HeldOut, Math.Min(options.MaxLength, model.Model.Config.MaxPositions), rows));
    }

    public int Training => split.Training.Count;

    public (double Loss, double Accuracy, long Tokens) Backward(int[] rows)
    {
        using var scope = NewDisposeScope();
        var answers = rows.Select(row => split.Training[row]).ToList();
        var scores = model.Score([.. answers.Select(answer => answer.Ids)]);
        var labels = tensor(answers.Select(answer => answer.Label ? 1f : 0f).ToArray(), device: scores.device);
        var (loss, accuracy) = PointwiseLogistic.Of(scores, labels);
        loss.backward();
        return (loss.item<float>(), accuracy, answers.Sum(answer => answer.Ids.Length));
    }

    public IReadOnlyCollection<bool> HeldOutVerdicts() =>
        [.. model.LogOdds([.. split.HeldOut.Select(answer => answer.Ids)])
            .Zip(split.HeldOut, (score, answer) => score > 0 == answer.Label)];
}
