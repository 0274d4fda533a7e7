using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>Rows of tokens as the tensors a model takes.</summary>
public static class TokenBatch
{
    /// <summary>Rows side by side, padded on the right with id 0, which causal attention keeps real tokens from seeing.</summary>
    /// <param name="rows">Token ids of each row.</param>
    /// <param name="seq">Length to pad to: the longest row's, or more.</param>
    /// <param name="device">Where the batch goes.</param>
    /// <returns>[rows, seq], int64.</returns>
    public static Tensor Pad(IReadOnlyList<int[]> rows, int seq, Device? device = null)
    {
        var ids = new long[(long)rows.Count * seq];
        for (var row = 0; row < rows.Count; row++)
            for (var t = 0; t < rows[row].Length; t++) ids[(long)row * seq + t] = rows[row][t];
        return tensor(ids, [rows.Count, seq], device: device);
    }

    /// <summary>A value for each token, beside <see cref="Pad(IReadOnlyList{int[]}, int, Device?)"/>; padding has 0.</summary>
    /// <param name="rows">Values of each row.</param>
    /// <param name="seq">Length to pad to.</param>
    /// <param name="device">Where the batch goes.</param>
    /// <returns>[rows, seq], float32.</returns>
    public static Tensor Pad(IReadOnlyList<float[]> rows, int seq, Device? device = null)
    {
        var values = new float[(long)rows.Count * seq];
        for (var row = 0; row < rows.Count; row++) rows[row].CopyTo(values, row * seq);
        return tensor(values, [rows.Count, seq], device: device);
    }

    /// <summary>Number of real tokens of each row, for <see cref="SequenceClassifier"/>.</summary>
    /// <returns>[rows], int64.</returns>
    public static Tensor Lengths(IReadOnlyList<int[]> rows, Device? device = null) =>
        tensor(rows.Select(row => (long)row.Length).ToArray(), device: device);
}
