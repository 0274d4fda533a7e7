using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Hosting;
using static TorchSharp.torch;

namespace Pipeline.Stages.Grpo;

/// <summary>
/// Gives each completion its reward: rules score text by themselves, on threads beside the training thread; reward models
/// are run here, where the tensors are.
/// </summary>
public sealed class Judge : IDisposable
{
    private readonly RewardSum _sum;
    private readonly IReadOnlyList<ModelJudge> _models;
    private readonly ScoringThreads _threads = new();

    internal Judge(RewardSum sum, IReadOnlyList<ModelJudge> models) => (_sum, _models) = (sum, models);

    /// <summary>The judge that a stage's options describe; its reward models are loaded once.</summary>
    public static Judge Of(StageContext stage, GrpoOptions options, Device device) => new(
        RewardSum.Of(options.Rewards, options.Steps),
        [.. RewardTerms.Models(options.Rewards).Select(model => new ModelJudge(
            model.Name, model.Term, model.Term.FirstStep(options.Steps), ScoreModel.Load(stage.Input(model.Term.Model), device)))]);

    /// <summary>Begins to judge completions; the next can be sampled meanwhile.</summary>
    /// <param name="completions">In any order.</param>
    /// <param name="step">The step, for terms that begin later.</param>
    /// <returns>For each completion, in the same order, what it will be worth.</returns>
    public IReadOnlyList<Task<JudgedCompletion>> Begin(IReadOnlyList<SampledCompletion> completions, int step)
    {
        var scores = completions.Select(_ => new Dictionary<string, double>()).ToList();
        foreach (var model in _models) model.Score(completions, step, scores);
        var inputs = completions.Zip(scores, (completion, own) => completion.Input with { Scores = own }).ToList();
        var rewards = _threads.Run(() => _sum.ScoreAsync(inputs, step).GetAwaiter().GetResult());
        return [.. completions.Select(async (completion, row) => new JudgedCompletion(completion, (await rewards)[row]))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _threads.Dispose();
        foreach (var model in _models) model.Dispose();
        _sum.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
