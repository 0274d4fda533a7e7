namespace Pipeline.Training.Sampling;

/// <summary>Why a completion ended.</summary>
public enum StopReason
{
    /// <summary>The model ended it: the last token is an end token.</summary>
    Eos,

    /// <summary>It was cut off at <see cref="SamplingOptions.MaxNewTokens"/>.</summary>
    Length,
}

/// <summary>A sampled answer.</summary>
/// <param name="Tokens">Without the prompt, with the end token if there is one.</param>
/// <param name="LogProbs">
/// Of each token, under the model at the sampling temperature and over the whole vocabulary, whatever top-p left out:
/// what a trainer computes from the same scores divided by the same temperature. Greedy sampling gives those at temperature 1.
/// </param>
/// <param name="StopReason">Why it ended.</param>
public sealed record Completion(int[] Tokens, float[] LogProbs, StopReason StopReason);
