using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Hosting;
using static TorchSharp.torch;

namespace Pipeline.Stages.Grpo;

/// <summary>
/// Gives each completion its reward: rules and services score text beside the training thread, while it samples the next, each
/// within its limit; reward models are run here, where the tensors are.
/// </summary>
public sealed class CompletionScorer : IDisposable
{
    private readonly RewardSum _sum;
    private readonly IReadOnlyList<RewardModelScorer> _models;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _scoring = [];

    internal CompletionScorer(RewardSum sum, IReadOnlyList<RewardModelScorer> models) => (_sum, _models) = (sum, models);

    /// <summary>The scorer that a stage's options describe; its reward models are loaded once.</summary>
    public static CompletionScorer Of(StageContext stage, GrpoOptions options, Device device) => new(
        RewardSum.Of(options.Rewards, options.Steps),
        [.. RewardTerms.Models(options.Rewards).Select(model => new RewardModelScorer(
            model.Name, model.Term, model.Term.FirstStep(options.Steps), ScoreModel.Load(stage.Input(model.Term.Model), device)))]);

    /// <summary>Begins to score completions; the next can be sampled meanwhile.</summary>
    /// <param name="completions">In any order.</param>
    /// <param name="step">The step, for terms that begin later.</param>
    /// <returns>For each completion, in the same order, what it will be worth.</returns>
    public IReadOnlyList<Task<ScoredCompletion>> Begin(IReadOnlyList<SampledCompletion> completions, int step)
    {
        var scores = completions.Select(_ => new Dictionary<string, double>()).ToList();
        foreach (var model in _models) model.Score(completions, step, scores);
        var inputs = completions.Zip(scores, (completion, own) => completion.Input with { Scores = own }).ToList();
        var rewards = _sum.ScoreAsync(inputs, step, _end.Token);
        _scoring.RemoveAll(task => task.IsCompleted);
        _scoring.Add(rewards);
        return [.. completions.Select(async (completion, row) => new ScoredCompletion(completion, (await rewards)[row]))];
    }

    /// <summary>Gives up what is still being scored: nobody waits for it any more.</summary>
    public void Dispose()
    {
        _end.Cancel();
        foreach (var task in _scoring) task.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        _end.Dispose();
        foreach (var model in _models) model.Dispose();
        _sum.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
