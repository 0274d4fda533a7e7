using Pipeline.Datasets.Packing;
using static TorchSharp.torch;

namespace Pipeline.Stages.Loop;

// Axes used in this file:
//   batch = rows, of one example each or of several laid end to end
//   seq   = token positions after the one-step shift: position t reads token t and is to predict token t + 1

/// <summary>Examples as a language model learns them.</summary>
/// <param name="Inputs">[batch, seq], int64. What it reads.</param>
/// <param name="Targets">[batch, seq], int64. What it is to predict.</param>
/// <param name="Mask">[batch, seq], bool. True where the prediction counts.</param>
/// <param name="Documents">[batch, seq], int64. Which example of its row a position belongs to; null where each row has one.</param>
public sealed record ShiftedBatch(Tensor Inputs, Tensor Targets, Tensor Mask, Tensor? Documents)
{
    /// <summary>Puts examples side by side, in the caller's dispose scope.</summary>
    public static ShiftedBatch Of(IReadOnlyList<TokenExample> examples, Device device) => Of([.. examples.Select(example => new[] { example })], device);

    /// <summary>Puts rows of examples side by side, likewise. An example is shifted by itself, so none predicts the next one's first token.</summary>
    public static ShiftedBatch Of(IReadOnlyList<IReadOnlyList<TokenExample>> rows, Device device)
    {
        using var scope = NewDisposeScope();
        var seq = rows.Max(row => row.Sum(example => example.Length - 1));
        var (inputs, targets, documents) = (new long[rows.Count * seq], new long[rows.Count * seq], new long[rows.Count * seq]);
        var mask = new bool[rows.Count * seq];
        for (var row = 0; row < rows.Count; row++)
        {
            var at = row * seq;
            for (var document = 0; document < rows[row].Count; document++)
            {
                var (ids, counts) = (rows[row][document].Ids, rows[row][document].CompletionMask);
                for (var t = 0; t + 1 < ids.Length; t++, at++)
                    (inputs[at], targets[at], mask[at], documents[at]) = (ids[t], ids[t + 1], counts[t + 1], document);
            }
            Array.Fill(documents, rows[row].Count, at, (row + 1) * seq - at); // the padding is a document of its own
        }
        Tensor Place(Tensor flat) => flat.view(rows.Count, seq).to(device);
        var batch = new ShiftedBatch(Place(tensor(inputs)), Place(tensor(targets)), Place(tensor(mask)),
            rows.Any(row => row.Count > 1) ? Place(tensor(documents)) : null);
        _ = scope.MoveToOuter(batch.Inputs, batch.Targets, batch.Mask);
        batch.Documents?.MoveToOuterDisposeScope();
        return batch;
    }

    /// <summary>How many predictions count in an example: its first token is nobody's prediction.</summary>
    public static long Counting(TokenExample example) => example.CompletionMask.Skip(1).LongCount(counts => counts);
}
