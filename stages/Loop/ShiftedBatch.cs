using Pipeline.Datasets.Packing;
using static TorchSharp.torch;

namespace Pipeline.Stages.Loop;

// Axes used in this file:
//   batch = examples, one a row
//   seq   = token positions after the one-step shift: position t reads token t and is to predict token t + 1

/// <summary>Examples as a language model learns them.</summary>
/// <param name="Inputs">[batch, seq], int64. What it reads.</param>
/// <param name="Targets">[batch, seq], int64. What it is to predict.</param>
/// <param name="Mask">[batch, seq], bool. True where the prediction counts.</param>
public sealed record ShiftedBatch(Tensor Inputs, Tensor Targets, Tensor Mask)
{
    /// <summary>Puts examples side by side, in the caller's dispose scope.</summary>
    public static ShiftedBatch Of(IReadOnlyList<TokenExample> examples, Device device)
    {
        using var scope = NewDisposeScope();
        var batch = TokenBatch.Pad(examples, padId: 0);
        var ids = tensor(batch.Ids, [batch.Rows, batch.Columns]).to(ScalarType.Int64).to(device);
        var mask = tensor(batch.CompletionMask, [batch.Rows, batch.Columns]).to(device);
        var seq = batch.Columns - 1;
        var shifted = new ShiftedBatch(ids.narrow(1, 0, seq), ids.narrow(1, 1, seq), mask.narrow(1, 1, seq));
        _ = scope.MoveToOuter(shifted.Inputs, shifted.Targets, shifted.Mask);
        return shifted;
    }

    /// <summary>How many predictions count in an example: its first token is nobody's prediction.</summary>
    public static long Counting(TokenExample example) => example.CompletionMask.Skip(1).LongCount(counts => counts);
}
