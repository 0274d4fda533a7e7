using Pipeline.Stages.Completions;
using Pipeline.Stages.Loop;
using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.Grpo;

// Axes used in this file:
//   batch = completions of the micro-batch, one a row
//   seq   = token positions after the one-step shift, prompt and completion together

/// <summary>Log-probabilities that a model gives to what was sampled, by the code that trains it.</summary>
internal static class CompletionLogProbs
{
    /// <summary>Without gradient, of many completions.</summary>
    /// <returns>For each completion one number a token.</returns>
    public static IReadOnlyList<float[]> Of(
        LanguageModel model, IReadOnlyList<SampledCompletion> completions, double temperature, int microBatchSize, Device device)
    {
        using var noGradient = no_grad();
        var found = new float[completions.Count][];
        // Rows of like length share a micro-batch, so that little of it is padding.
        foreach (var part in completions.Select((completion, index) => (completion, index)).OrderBy(one => LengthOf(one.completion)).Chunk(microBatchSize))
        {
            using var scope = NewDisposeScope();
            var batch = ShiftedBatch.Of([.. part.Select(one => Rollout.ExampleOf(one.completion))], device);
            var (logProbs, _) = Of(model, batch, temperature);
            for (var row = 0; row < part.Length; row++)
            {
                var (completion, index) = part[row];
                found[index] = logProbs[row].narrow(0, completion.Prompt.Ids.Length - 1, completion.Tokens.Length).cpu().contiguous().data<float>().ToArray();
            }
        }
        return found;
    }

    /// <summary>Of a micro-batch, with gradient where that is on.</summary>
    /// <returns>[batch, seq] each.</returns>
    public static (Tensor LogProbs, Tensor Entropy) Of(LanguageModel model, ShiftedBatch batch, double temperature) =>
        ChunkedTokenLogProbs.Of(model.HiddenStates(batch.Inputs), model.OutputWeight, batch.Targets, batch.Mask, temperature);

    private static int LengthOf(SampledCompletion completion) => completion.Prompt.Ids.Length + completion.Tokens.Length;
}
