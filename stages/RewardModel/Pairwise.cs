using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Preferences;
using Pipeline.Training.Losses;
using static TorchSharp.torch;

namespace Pipeline.Stages.RewardModel;

/// <summary>Learns from pairs that the chosen answer is to score above the rejected one (helpfulness in the paper).</summary>
internal sealed class Pairwise(ScoreModel model, HeldOutSplit<Pairwise.Pair> split) : IRewardObjective
{
    /// <summary>Both sides as tokens.</summary>
    internal sealed record Pair(int[] Chosen, int[] Rejected);

    public static Pairwise Read(StageContext stage, ScoreModel model, RewardModelOptions options)
    {
        var pairs = stage.Inputs("dataset").SelectMany(Dataset.Read<PreferenceRow>).Select(row =>
        {
            var pair = new Pair(model.Encode(row.Prompt, row.Chosen), model.Encode(row.Prompt, row.Rejected));
            return ($"{ProblemId.Of(row.Prompt)}\n{row.Chosen}\n{row.Rejected}", Math.Max(pair.Chosen.Length, pair.Rejected.Length), pair);
        }).ToList();
        return new(model, HeldOutSplit<Pair>.Of(stage, options.HeldOut, Math.Min(options.MaxLength, model.Model.Config.MaxPositions), pairs));
    }

    public int Training => split.Training.Count;

    public (double Loss, double Accuracy, long Tokens) Backward(int[] rows)
    {
        using var scope = NewDisposeScope();
        var pairs = rows.Select(row => split.Training[row]).ToList();
        var (chosen, rejected) = Scores(pairs);
        var (loss, accuracy, _) = PairwiseLogistic.Of(chosen, rejected);
        loss.backward();
        return (loss.item<float>(), accuracy, pairs.Sum(pair => pair.Chosen.Length + pair.Rejected.Length));
    }

    public IReadOnlyCollection<bool> HeldOutVerdicts()
    {
        var chosen = model.LogOdds([.. split.HeldOut.Select(pair => pair.Chosen)]);
        var rejected = model.LogOdds([.. split.HeldOut.Select(pair => pair.Rejected)]);
        return [.. chosen.Zip(rejected, (better, worse) => better > worse)];
    }

    /// <returns>[pairs] each.</returns>
    private (Tensor Chosen, Tensor Rejected) Scores(List<Pair> pairs)
    {
        // One forward pass for both sides.
        var scores = model.Score([.. pairs.Select(pair => pair.Chosen), .. pairs.Select(pair => pair.Rejected)]);
        return (scores.narrow(0, 0, pairs.Count), scores.narrow(0, pairs.Count, pairs.Count));
    }
}
