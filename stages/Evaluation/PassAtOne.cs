using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Rewards.Statistics;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Evaluation;

/// <summary>
/// Measures a model on held-out prompts while it is trained. Its random numbers are its own and the same each time, so
/// that training is not touched and two steps are compared on equal terms.
/// </summary>
public sealed class PassAtOne
{
    private readonly EvaluateOptions _options;
    private readonly IReadOnlyList<ChatPrompt> _prompts;
    private readonly CompletionSampler _sampler;
    private readonly Verifier _verifier;
    private readonly ulong _seed;

    private PassAtOne(StageContext stage, ChatModel model, EvaluateOptions options)
    {
        _options = options;
        _prompts = [.. PromptSet.Read([stage.Input(options.Prompts)], model, options.Sampling.MaxTokens, stage.Events, options.Limit)
            .Where(prompt => prompt.Row.GroundTruth.Length > 0)];
        if (_prompts.Count == 0)
            throw new ConfigException(StageErrors.NothingToTrain, "options.evaluate.prompts has no prompt with a ground truth, so nothing can be measured.");
        _sampler = new CompletionSampler(model);
        _verifier = new Verifier(options.Answer, options.Code);
        _seed = Seeds.Of(stage.Seed, "evaluate");
    }

    /// <summary>What the options ask for; null if they ask for no evaluation.</summary>
    public static PassAtOne? Of(StageContext stage, ChatModel model, EvaluateOptions? options) =>
        options is null ? null : new PassAtOne(stage, model, options);

    /// <summary>Whether there is an evaluation after this many steps: before the first, every so many, and after the last.</summary>
    public bool IsDue(long step, long total) => step % _options.Every == 0 || step == total;

    /// <summary>Samples and grades.</summary>
    /// <returns><c>eval/pass@1</c> and the ends of its 95 % interval, by bootstrap over prompts.</returns>
    public IEnumerable<KeyValuePair<string, double>> Measure()
    {
        var inputs = _sampler.Sample(_prompts, _options.Samples, _options.Sampling, _seed).Select(completion => completion.Input).ToList();
        var byPrompt = _verifier.ScoreAsync(inputs, CancellationToken.None).AsTask().GetAwaiter().GetResult()
            .Select(score => score.Value)
            .Chunk(_options.Samples).Select(scores => scores.Average()).ToList();
        var interval = Bootstrap.OverPrompts(byPrompt);
        return
        [
            new("eval/pass@1", interval.Value),
            new("eval/pass@1_low", interval.Low),
            new("eval/pass@1_high", interval.High),
        ];
    }
}
