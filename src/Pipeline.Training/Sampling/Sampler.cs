using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Sampling;

/// <summary>Draws completions from a language model, many rows side by side.</summary>
/// <remarks>
/// The random number of a token depends on seed, row and position alone. A row therefore gives the same completion
/// in any batch, up to the rounding of the scores: matrix kernels sum in another order for another number of rows,
/// which moves a log-probability by about 1e-6 and can tip a draw that lies that close to the edge between two tokens.
/// With the same rows in the same batches (as when a step is repeated after a crash) completions are equal to the bit.
/// </remarks>
/// <param name="model">Its weights are read anew by each call.</param>
public sealed class Sampler(LanguageModel model)
{
    // Dropping finished rows copies the cache, which costs about as much as a step or two.
    private const double CompactBelow = 0.75;

    /// <param name="prompts">One per completion; repeat a prompt to get several. Equal prompts of a batch are read once.</param>
    /// <param name="options">How to draw.</param>
    /// <param name="firstRow">Number of the first row, for the random numbers: two calls with one seed must not share rows.</param>
    /// <returns>As many completions as prompts, in their order.</returns>
    /// <exception cref="TrainingException">A prompt is empty, has a token outside the vocabulary, or leaves too few positions.</exception>
    public IReadOnlyList<Completion> Sample(IReadOnlyList<int[]> prompts, SamplingOptions options, long firstRow = 0)
    {
        foreach (var prompt in prompts) Require(prompt, options);
        var completions = new List<Completion>(prompts.Count);
        for (var start = 0; start < prompts.Count; start += options.BatchSize)
        {
            var batch = prompts.Skip(start).Take(options.BatchSize).ToList();
            completions.AddRange(SampleBatch(batch, options, firstRow + start));
        }
        return completions;
    }

    private Completion[] SampleBatch(List<int[]> prompts, SamplingOptions options, long firstRow)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var (distinct, promptOfRow) = Deduplicate(prompts);
        using var decoder = new CachedDecoder(model, distinct, promptOfRow, options.MaxNewTokens, out var hidden);
        var eos = options.EosTokenIds.ToHashSet();
        var drafts = prompts.Select(_ => new Draft(options.MaxNewTokens)).ToArray();
        var active = Enumerable.Range(0, prompts.Count).ToArray(); // the draft that each row of the cache belongs to

        for (var position = 0; ; position++)
        {
            using var stepScope = NewDisposeScope();
            var logits = nn.functional.linear(hidden, model.OutputWeight);
            hidden.Dispose();
            var uniforms = tensor(active.Select(row => CounterRandom.Uniform(options.Seed, firstRow + row, position)).ToArray(), device: logits.device);
            var (tokens, logProbs) = TokenChoice.Of(logits, uniforms, options.Temperature, options.TopP);
            Record(active, drafts, tokens, logProbs, eos);
            if (position + 1 == options.MaxNewTokens) break;

            var unfinished = Enumerable.Range(0, active.Length).Where(i => !drafts[active[i]].Ended).ToArray();
            if (unfinished.Length == 0) break;
            if (unfinished.Length <= CompactBelow * active.Length)
            {
                var kept = tensor(unfinished.Select(i => (long)i).ToArray(), device: tokens.device);
                decoder.Keep(kept);
                tokens = tokens.index_select(0, kept);
                active = [.. unfinished.Select(i => active[i])];
            }
            hidden = decoder.Step(tokens).MoveToOuterDisposeScope();
        }
        return [.. drafts.Select(draft => draft.ToCompletion())];
    }

    private static void Record(int[] active, Draft[] drafts, Tensor tokens, Tensor logProbs, HashSet<int> eos)
    {
        var chosen = tokens.cpu().data<long>().ToArray();
        var chosenLogProbs = logProbs.cpu().data<float>().ToArray();
        for (var i = 0; i < active.Length; i++)
        {
            var draft = drafts[active[i]];
            if (!draft.Ended) draft.Add((int)chosen[i], chosenLogProbs[i], eos.Contains((int)chosen[i]));
        }
    }

    private static (List<int[]> Distinct, long[] PromptOfRow) Deduplicate(List<int[]> prompts)
    {
        var (distinct, seen) = (new List<int[]>(), new Dictionary<string, long>());
        var promptOfRow = prompts.Select(prompt =>
        {
            var key = string.Join(' ', prompt);
            if (!seen.TryGetValue(key, out var index))
            {
                seen[key] = index = distinct.Count;
                distinct.Add(prompt);
            }
            return index;
        }).ToArray();
        return (distinct, promptOfRow);
    }

    private void Require(int[] prompt, SamplingOptions options)
    {
        if (prompt.Length == 0) throw new TrainingException(TrainingErrors.BadTokens, "A prompt is empty: there is nothing to predict the first token from.");
        foreach (var token in prompt)
            if (token < 0 || token >= model.Config.VocabSize)
                throw new TrainingException(TrainingErrors.BadTokens, $"A prompt has token {token}, but the model's vocabulary ends at {model.Config.VocabSize - 1}. Is it the model's own tokenizer?");
        model.Transformer.RequirePositions(prompt.Length + options.MaxNewTokens);
    }

    /// <summary>A completion while it grows.</summary>
    private sealed class Draft(int capacity)
    {
        private readonly List<int> _tokens = new(Math.Min(capacity, 1024));
        private readonly List<float> _logProbs = new(Math.Min(capacity, 1024));

        public bool Ended { get; private set; }

        public void Add(int token, float logProb, bool ends)
        {
            _tokens.Add(token);
            _logProbs.Add(logProb);
            Ended = ends;
        }

        public Completion ToCompletion() => new([.. _tokens], [.. _logProbs], Ended ? StopReason.Eos : StopReason.Length);
    }
}
