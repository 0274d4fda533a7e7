namespace Pipeline.Datasets.Packing;

/// <summary>Cuts documents, laid end to end, into blocks of one length, so that pretraining wastes nothing on padding.</summary>
/// <remarks>
/// As in GPT-2 and after: blocks begin and end anywhere, and attention sees across document borders, which the
/// end-of-sequence token marks. The last, incomplete block is dropped.
/// </remarks>
public static class SequencePacking
{
    /// <param name="documents">Token ids without end-of-sequence token.</param>
    /// <param name="eosId">Put after each document.</param>
    /// <param name="blockLength">Tokens in a block.</param>
    /// <returns>Blocks of exactly <paramref name="blockLength"/> tokens, all of them learnt.</returns>
    public static IEnumerable<TokenExample> Blocks(IEnumerable<int[]> documents, int eosId, int blockLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockLength);
        return documents.SelectMany(document => document.Append(eosId)).Chunk(blockLength)
            .Where(block => block.Length == blockLength).Select(TokenExample.Whole);
    }
}
