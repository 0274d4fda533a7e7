using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;
using Pipeline.Training.Sampling;
using static TorchSharp.torch;
using SamplingOptions = Pipeline.Protocol.Options.SamplingOptions;
using TokenSampling = Pipeline.Training.Sampling.SamplingOptions;

namespace Pipeline.Stages.Completions;

/// <summary>Samples completions of prompts from a model in this process.</summary>
/// <param name="model">Its weights are read anew by each call.</param>
public sealed class CompletionSampler(ChatModel model) : ICompletionSource
{
    private readonly Sampler _sampler = new(model.Model);

    /// <inheritdoc/>
    public string Identity => model.Tokenizer.Digest;

    /// <inheritdoc/>
    public IReadOnlyList<ChatPrompt> ReadPrompts(IReadOnlyList<string> paths, int maxTokens, StageEvents events) =>
        PromptSet.Read(paths, model, maxTokens, events);

    /// <inheritdoc/>
    public IReadOnlyList<SampledCompletion> Sample(
        IReadOnlyList<ChatPrompt> prompts, int perPrompt, SamplingOptions options, ulong seed, long firstRow = 0)
    {
        var rows = prompts.SelectMany(prompt => Enumerable.Repeat(prompt, perPrompt)).ToList();
        var samples = _sampler.Sample([.. rows.Select(row => row.Ids)], TokensOf(model, options, seed), firstRow);
        return [.. rows.Zip(samples, (prompt, sample) => new SampledCompletion(model, prompt, sample))];
    }

    /// <summary>The options as the engine below takes them: tokens instead of texts.</summary>
    internal static TokenSampling TokensOf(ChatModel model, SamplingOptions options, ulong seed) => new()
    {
        Temperature = options.Temperature,
        TopP = options.TopP,
        TopK = options.TopK,
        MinP = options.MinP,
        RepetitionPenalty = options.RepetitionPenalty,
        Stops = StopTexts.Of(options.Stop, model.Tokenizer),
        MaxNewTokens = options.MaxTokens,
        BatchSize = options.BatchSize,
        EosTokenIds = [.. model.Tokenizer.EosIds],
        Seed = seed,
    };

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Save(IReadOnlyList<SampledCompletion> completions) => new Dictionary<string, Tensor>
    {
        ["tokens"] = tensor(completions.SelectMany(completion => completion.Tokens).Select(token => (long)token).ToArray()),
        ["lengths"] = tensor(completions.Select(completion => (long)completion.Tokens.Length).ToArray()),
        ["truncated"] = tensor(completions.Select(completion => completion.IsTruncated ? 1L : 0).ToArray()),
    };

    /// <inheritdoc/>
    public IEnumerable<SampledCompletion> Restore(IReadOnlyDictionary<string, Tensor> saved, Func<int, ChatPrompt> promptOf)
    {
        var tokens = saved["tokens"].data<long>().ToArray();
        var truncated = saved["truncated"].data<long>().ToArray();
        var (index, start) = (0, 0);
        foreach (var length in saved["lengths"].data<long>().ToArray())
        {
            int[] ids = [.. tokens[start..(start += (int)length)].Select(token => (int)token)];
            var stop = truncated[index] == 1 ? StopReason.Length : model.Tokenizer.EosIds.Contains(ids[^1]) ? StopReason.Eos : StopReason.Stop;
            yield return new SampledCompletion(model, promptOf(index++), new Completion(ids, [], stop));
        }
    }
}
