namespace Pipeline.Datasets.Packing;

/// <summary>A sequence to learn from.</summary>
/// <param name="Ids">[seq]. Token ids.</param>
/// <param name="CompletionMask">[seq]. True where the model is to learn to write that token.</param>
public sealed record TokenExample(int[] Ids, bool[] CompletionMask)
{
    /// <summary>Tokens in the sequence.</summary>
    public int Length => Ids.Length;

    /// <summary>A document learnt whole, as in pretraining.</summary>
    public static TokenExample Whole(int[] ids) => new(ids, [.. Enumerable.Repeat(true, ids.Length)]);
}
