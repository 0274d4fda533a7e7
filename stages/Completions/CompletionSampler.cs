using Pipeline.Stages.ChatModels;
using Pipeline.Training.Sampling;
using SamplingOptions = Pipeline.Protocol.Options.SamplingOptions;
using TokenSampling = Pipeline.Training.Sampling.SamplingOptions;

namespace Pipeline.Stages.Completions;

/// <summary>Samples completions of prompts.</summary>
/// <param name="model">Its weights are read anew by each call.</param>
public sealed class CompletionSampler(ChatModel model)
{
    private readonly Sampler _sampler = new(model.Model);

    /// <summary>Samples the same number of completions for each prompt.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="perPrompt">Completions a prompt.</param>
    /// <param name="options">How they are sampled.</param>
    /// <param name="seed">With a row's number and a token's position, all the random numbers depend on.</param>
    /// <param name="firstRow">Number of the first row: two calls with one seed must not share rows.</param>
    /// <returns>Those of the first prompt, then those of the second, and so on.</returns>
    public IReadOnlyList<SampledCompletion> Sample(
        IReadOnlyList<ChatPrompt> prompts, int perPrompt, SamplingOptions options, ulong seed, long firstRow = 0)
    {
        var rows = prompts.SelectMany(prompt => Enumerable.Repeat(prompt, perPrompt)).ToList();
        var samples = _sampler.Sample([.. rows.Select(row => row.Ids)], new TokenSampling
        {
            Temperature = options.Temperature,
            TopP = options.TopP,
            MaxNewTokens = options.MaxTokens,
            BatchSize = options.BatchSize,
            EosTokenIds = [.. model.Tokenizer.EosIds],
            Seed = seed,
        }, firstRow);
        return [.. rows.Zip(samples, (prompt, sample) => new SampledCompletion(model, prompt, sample))];
    }
}
