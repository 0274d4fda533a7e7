namespace Pipeline.Training.Sampling;

/// <summary>
/// A language model that is fed sequences piece by piece and remembers their keys and values, so that a new token costs
/// one token's work. Not for two threads at once.
/// </summary>
internal interface IDecoder : IDisposable
{
    /// <summary>Begins an empty sequence.</summary>
    /// <returns>Its number, until it is closed.</returns>
    int Open();

    /// <summary>Begins a sequence that continues another, which stays as it is.</summary>
    int Fork(int sequence);

    /// <summary>Forgets a sequence.</summary>
    void Close(int sequence);

    /// <summary>Feeds sequences their next tokens, all at once.</summary>
    /// <param name="pieces">Each sequence at most once, with a token at least.</param>
    /// <returns>[pieces, vocab]: the scores after the last token of each piece, until the next call.</returns>
    ReadOnlySpan<float> Feed(IReadOnlyList<(int Sequence, int[] Tokens)> pieces);
}
