namespace Pipeline.Datasets.Packing;

// Axes used in this file:
//   batch = examples, one a row
//   seq   = token positions, padded on the right to the longest row

/// <summary>Examples side by side, in flat row-major arrays that a tensor can be made of without another copy.</summary>
/// <param name="Rows">Size of the batch axis.</param>
/// <param name="Columns">Size of the seq axis.</param>
/// <param name="Ids">[batch * seq]. Token ids; the padding id after the end of a row.</param>
/// <param name="CompletionMask">[batch * seq]. True where the model is to learn that token; false in the padding.</param>
/// <param name="Lengths">[batch]. Tokens in each row before the padding.</param>
public sealed record TokenBatch(int Rows, int Columns, int[] Ids, bool[] CompletionMask, int[] Lengths)
{
    /// <summary>Puts examples side by side.</summary>
    /// <param name="examples">One a row, in this order.</param>
    /// <param name="padId">Fills rows up.</param>
    /// <param name="maxLength">The length a row must not exceed; nothing is cut, since a cut example teaches never to stop.</param>
    /// <exception cref="DatasetException">An example is longer than <paramref name="maxLength"/>.</exception>
    public static TokenBatch Pad(IReadOnlyList<TokenExample> examples, int padId, int maxLength = int.MaxValue)
    {
        var columns = examples.Count == 0 ? 0 : examples.Max(example => example.Length);
        if (columns > maxLength) throw new DatasetException(DatasetErrors.ExampleTooLong,
            $"An example has {columns} tokens, the limit is {maxLength}. Raise the limit or filter long rows.");
        var ids = new int[examples.Count * columns];
        var mask = new bool[ids.Length];
        Array.Fill(ids, padId);
        for (var row = 0; row < examples.Count; row++)
        {
            examples[row].Ids.CopyTo(ids, row * columns);
            examples[row].CompletionMask.CopyTo(mask, row * columns);
        }
        return new TokenBatch(examples.Count, columns, ids, mask, [.. examples.Select(example => example.Length)]);
    }
}
