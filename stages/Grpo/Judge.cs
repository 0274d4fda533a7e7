using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Hosting;
using static TorchSharp.torch;

namespace Pipeline.Stages.Grpo;

/// <summary>Gives each completion its reward: the rules score text by themselves, reward models are run here.</summary>
public sealed class Judge : IDisposable
{
    private readonly RewardSum _sum;
    private readonly IReadOnlyList<ModelJudge> _models;

    private Judge(RewardSum sum, IReadOnlyList<ModelJudge> models) => (_sum, _models) = (sum, models);

    /// <summary>The judge that a stage's options describe; its reward models are loaded once.</summary>
    public static Judge Of(StageContext stage, IReadOnlyList<RewardTerm> terms, Device device) => new(
        RewardSum.Of(terms),
        [.. RewardTerms.Models(terms).Select(model => new ModelJudge(model.Name, model.Term, ScoreModel.Load(stage.Input(model.Term.Model), device)))]);

    /// <summary>The reward of each completion and what it is made of.</summary>
    /// <param name="completions">In any order.</param>
    /// <param name="step">The step, for terms that begin later.</param>
    public IReadOnlyList<RewardBreakdown> Score(IReadOnlyList<SampledCompletion> completions, int step)
    {
        var scores = completions.Select(_ => new Dictionary<string, double>()).ToList();
        foreach (var model in _models) model.Score(completions, step, scores);
        return [.. completions.Zip(scores, (completion, own) => _sum.Score(completion.Input with { Scores = own }, step))];
    }

    /// <summary>Mean and standard deviation of each reward, before weights and gates, over the completions it has an opinion on.</summary>
    public IEnumerable<KeyValuePair<string, double>> Metrics(IReadOnlyList<RewardBreakdown> judged)
    {
        foreach (var name in _sum.Names)
        {
            var values = judged.Select(breakdown => breakdown.Scores[name])
                .Where(score => score.Outcome != RewardOutcome.NotApplicable).Select(score => score.Value).ToList();
            if (values.Count == 0) continue;
            var mean = values.Average();
            yield return new($"rewards/{name}/mean", mean);
            yield return new($"rewards/{name}/std", Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in _models) model.Dispose();
    }
}
