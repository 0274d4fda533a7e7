namespace Pipeline.Training.Sampling;

/// <summary>Why a completion ended.</summary>
public enum StopReason
{
    /// <summary>The model ended it: the last token is an end token.</summary>
    Eos,

    /// <summary><see cref="SamplingOptions.Stops"/> ended it; its last token is an ordinary one.</summary>
    Stop,

    /// <summary>It was cut off at <see cref="SamplingOptions.MaxNewTokens"/>.</summary>
    Length,
}

/// <summary>A sampled answer.</summary>
/// <param name="Tokens">Without the prompt, with the end token if there is one.</param>
/// <param name="LogProbs">
/// Of each token, under the model at the sampling temperature and over the whole vocabulary: what a trainer computes from
/// the same scores divided by the same temperature. Whatever top-p, top-k, min-p left out and the repetition penalty moved
/// is not in them, so with those on they are not the probabilities that the token was drawn by. Greedy sampling gives
/// those at temperature 1.
/// </param>
/// <param name="StopReason">Why it ended.</param>
public sealed record Completion(int[] Tokens, float[] LogProbs, StopReason StopReason);
