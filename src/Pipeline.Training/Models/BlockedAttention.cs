using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

// Axes used in this file:
//   shared  = batch * kvHeads: the key and value heads
//   group   = query heads that share one of them
//   seq     = token positions
//   block   = query positions worked on at once
//   visible = key positions up to the last query of the block

/// <summary>
/// Causal attention as matrix products of whole blocks, with its backward pass. The probabilities are kept, not computed
/// again: on a CPU, at the lengths it is for, that is several times faster than libtorch's flash kernel.
/// </summary>
/// <remarks>Of the products' upper triangle only the blocks on the diagonal are computed. PERFORMANCE.md has the numbers.</remarks>
internal sealed class BlockedAttention : autograd.SingleTensorFunction<BlockedAttention>
{
    private const long Block = 128;
    private const long LongestSequence = 1024;

    public override string Name => nameof(BlockedAttention);

    /// <summary>
    /// Whether it beats the flash kernel: on a CPU, in float32 (the flash kernel has float32 sums inside for smaller types),
    /// and up to a length at which the kept probabilities are no burden yet.
    /// </summary>
    public static bool IsFasterFor(Tensor query) =>
        query.device_type == DeviceType.CPU && query.dtype == ScalarType.Float32 && query.shape[2] <= LongestSequence;

    /// <param name="query">[batch, kvHeads * group, seq, headDim].</param>
    /// <param name="key">[batch, kvHeads, seq, headDim].</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="mask">[batch, 1, seq, seq], bool, true where a query may see a key; null for all before it.</param>
    /// <returns>[batch, kvHeads * group, seq, headDim].</returns>
    public static Tensor Of(Tensor query, Tensor key, Tensor value, Tensor? mask) => apply(query, key, value, mask!);

    public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = ((Tensor)arguments[0], (Tensor)arguments[1], (Tensor)arguments[2]);
        var (batch, heads, seq, headDim) = (query.shape[0], query.shape[1], query.shape[2], query.shape[3]);
        var (shared, group) = (batch * key.shape[1], heads / key.shape[1]);
        var queries = query.mul(Scale(headDim)).reshape(shared, group, seq, headDim);
        var keys = key.reshape(shared, seq, headDim);
        var values = value.reshape(shared, seq, headDim);
        var hidden = Hidden((Tensor?)arguments[3], seq, query.device);
        var output = empty_like(queries);
        var probabilities = new List<Tensor>();
        foreach (var (start, count) in Blocks(seq))
        {
            var visible = start + count;
            var scores = Rows(queries, start, count).bmm(keys.narrow(1, 0, visible).transpose(1, 2));     // [shared, group * block, visible]
            Fill(scores, hidden, batch, start, count);
            probabilities.Add(scores.softmax(-1));
            Write(output, start, probabilities[^1].bmm(values.narrow(1, 0, visible)), count);
        }
        foreach (var saved in (Tensor[])[queries, keys, values, output, .. probabilities]) saved.MoveToOuterDisposeScope();
        context.save_for_backward([queries, keys, values, output, .. probabilities]);
        return output.view(batch, heads, seq, headDim).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var saved = context.get_saved_variables();
        var (queries, keys, values, output) = (saved[0], saved[1], saved[2], saved[3]);
        var (shared, group, seq, headDim) = (queries.shape[0], queries.shape[1], queries.shape[2], queries.shape[3]);
        var ofOutput = gradient.reshape(shared, group, seq, headDim);
        // With s the scores: dL/ds = p (dL/dp - sum p dL/dp), and that sum is also output . dL/d output.
        var expected = (ofOutput * output).sum(-1, keepdim: true);                                       // [shared, group, seq, 1]
        var (ofQueries, ofKeys, ofValues) = (empty_like(queries), zeros_like(keys), zeros_like(values));
        foreach (var (index, (start, count)) in Blocks(seq).Index())
        {
            using var blockScope = NewDisposeScope();
            var visible = start + count;
            var probabilities = saved[4 + index];                                                         // [shared, group * block, visible]
            var ofRows = Rows(ofOutput, start, count);                                                    // [shared, group * block, headDim]
            var ofScores = ofRows.bmm(values.narrow(1, 0, visible).transpose(1, 2))
                .sub_(Rows(expected, start, count)).mul_(probabilities);
            ofValues.narrow(1, 0, visible).add_(probabilities.transpose(1, 2).bmm(ofRows));
            ofKeys.narrow(1, 0, visible).add_(ofScores.transpose(1, 2).bmm(Rows(queries, start, count)));
            Write(ofQueries, start, ofScores.bmm(keys.narrow(1, 0, visible)), count);
        }
        var (batch, heads) = (gradient.shape[0], gradient.shape[1]);
        var kvHeads = shared / batch;
        return
        [
            ofQueries.mul_(Scale(headDim)).view(batch, heads, seq, headDim).MoveToOuterDisposeScope(),
            ofKeys.view(batch, kvHeads, seq, headDim).MoveToOuterDisposeScope(),
            ofValues.view(batch, kvHeads, seq, headDim).MoveToOuterDisposeScope(),
            null!,
        ];
    }

    private static double Scale(long headDim) => 1 / Math.Sqrt(headDim);

    private static IEnumerable<(long Start, long Count)> Blocks(long seq)
    {
        for (long start = 0; start < seq; start += Block) yield return (start, Math.Min(Block, seq - start));
    }

    /// <summary>[shared, group, seq, n] to [shared, group * block, n].</summary>
    private static Tensor Rows(Tensor heads, long start, long count) =>
        heads.narrow(2, start, count).reshape(heads.shape[0], heads.shape[1] * count, heads.shape[3]);

    private static void Write(Tensor heads, long start, Tensor rows, long count) =>
        heads.narrow(2, start, count).copy_(rows.view(heads.shape[0], heads.shape[1], count, heads.shape[3]));

    /// <summary>True where a query may not see a key: [seq, seq], or [batch, seq, seq].</summary>
    private static Tensor Hidden(Tensor? mask, long seq, Device device) =>
        mask is null ? ones([seq, seq], ScalarType.Bool, device).triu(1) : mask.squeeze(1).logical_not();

    private static void Fill(Tensor scores, Tensor hidden, long batch, long start, long count)
    {
        var visible = start + count;
        if (hidden.Dimensions == 2)
        {
            // Before the block every key may be seen, so only the diagonal needs a mask.
            var diagonal = scores.view(-1, count, visible).narrow(2, start, count);
            diagonal.masked_fill_(hidden.narrow(0, 0, count).narrow(1, 0, count), float.NegativeInfinity);
        }
        else
        {
            var block = hidden.narrow(1, start, count).narrow(2, 0, visible).unsqueeze(1);
            scores.view(batch, -1, count, visible).masked_fill_(block, float.NegativeInfinity);
        }
    }
}
