using static TorchSharp.torch;

namespace Pipeline.Training.Models;

// Axes used in this file:
//   batch = rows of the forward pass
//   seq   = token positions; several documents may lie end to end in a row

/// <summary>Where the tokens of a forward pass stand and whom they may look at; every layer is given the same.</summary>
/// <param name="Cos">[seq, headDim], or [batch, 1, seq, headDim] where rows are packed; broadcasts against heads.</param>
/// <param name="SignedSin">As <paramref name="Cos"/>.</param>
/// <param name="Mask">[batch, 1, seq, seq], bool, true where a query may see a key; null where that is all before it.</param>
internal sealed record SequenceLayout(Tensor Cos, Tensor SignedSin, Tensor? Mask)
{
    /// <summary>What the layers compute with. The tables are of this type too, as in the models' own code.</summary>
    public ScalarType ComputeType => Cos.dtype;

    /// <summary>The same positions for layers that compute with another type.</summary>
    public SequenceLayout As(ScalarType type) => this with { Cos = Cos.to(type), SignedSin = SignedSin.to(type) };

    /// <summary>Rows that hold one document each: positions count from the row's start, causal attention is all the mask there is.</summary>
    public static SequenceLayout Whole(RotaryEmbedding rotary, long seq)
    {
        var (cos, signedSin) = rotary.For(seq);
        return new(cos, signedSin, null);
    }

    /// <summary>Packed rows: positions count from each document's start, and no document sees another.</summary>
    /// <param name="rotary">The turns.</param>
    /// <param name="documents">[batch, seq], int64: which document of its row a token belongs to; documents lie end to end.</param>
    public static SequenceLayout Packed(RotaryEmbedding rotary, Tensor documents)
    {
        using var scope = NewDisposeScope();
        var (batch, seq) = (documents.shape[0], documents.shape[1]);
        var index = arange(seq, ScalarType.Int64, documents.device);
        var isFirst = documents.narrow(1, 1, seq - 1).ne(documents.narrow(1, 0, seq - 1));            // [batch, seq - 1]
        var start = nn.functional.pad(isFirst.to(ScalarType.Int64), [1, 0]).mul_(index).cummax(1).values;
        var positions = (index - start).view(-1);                                                     // [batch * seq]
        var (cos, signedSin) = rotary.For(seq);
        Tensor At(Tensor table) => table.index_select(0, positions).view(batch, 1, seq, -1);
        var mask = documents.unsqueeze(-1).eq(documents.unsqueeze(-2)).tril().unsqueeze(1);
        var layout = new SequenceLayout(At(cos), At(signedSin), mask);
        _ = scope.MoveToOuter(layout.Cos, layout.SignedSin, layout.Mask!);
        return layout;
    }
}
