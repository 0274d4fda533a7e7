using Pipeline.Training.Models;
using Pipeline.Training.Sampling.Cpu;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Training.Sampling;

/// <summary>
/// Draws completions from a language model, many rows side by side. A row that ends makes place for the next at once, and
/// rows of one prompt share the reading of it.
/// </summary>
/// <remarks>
/// The random number of a token depends on seed, row and position alone, and on the CPU a row's scores are the same to the
/// bit whatever is sampled beside it and by how many threads: so is its completion. On other devices matrix products sum
/// in another order for another number of rows, which can tip a draw that lies on the edge between two tokens.
/// </remarks>
/// <param name="model">Its weights are read anew by each call.</param>
public sealed class Sampler(LanguageModel model)
{
    /// <param name="prompts">One per completion; repeat a prompt to get several.</param>
    /// <param name="options">How to draw.</param>
    /// <param name="firstRow">Number of the first row, for the random numbers: two calls with one seed must not share rows.</param>
    /// <param name="progress">Told of each token as it is drawn: the row's index in <paramref name="prompts"/>, and the token.</param>
    /// <returns>As many completions as prompts, in their order.</returns>
    /// <exception cref="TrainingException">A prompt is empty, has a token outside the vocabulary, or leaves too few positions.</exception>
    public IReadOnlyList<Completion> Sample(IReadOnlyList<int[]> prompts, SamplingOptions options, long firstRow = 0, Action<int, int>? progress = null)
    {
        foreach (var prompt in prompts) Require(prompt, options);
        if (prompts.Count == 0) return [];
        using var mode = inference_mode();
        var positions = prompts.Max(prompt => prompt.Length) + options.MaxNewTokens;
        using IDecoder decoder = model.OutputWeight.device_type == DeviceType.CPU
            ? new CpuDecoder(model, positions) : new TensorDecoder(model, options.BatchSize, positions);
        return new Batch(decoder, prompts, options, model.Config.VocabSize, firstRow, progress).Run();
    }

    private void Require(int[] prompt, SamplingOptions options)
    {
        if (prompt.Length == 0) throw new TrainingException(TrainingErrors.BadTokens, "A prompt is empty: there is nothing to predict the first token from.");
        foreach (var token in prompt)
            if (token < 0 || token >= model.Config.VocabSize)
                throw new TrainingException(TrainingErrors.BadTokens, $"A prompt has token {token}, but the model's vocabulary ends at {model.Config.VocabSize - 1}. Is it the model's own tokenizer?");
        model.Transformer.RequirePositions(prompt.Length + options.MaxNewTokens);
    }
}
