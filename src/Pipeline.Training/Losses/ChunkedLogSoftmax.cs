using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

// Axes used in this file:
//   all       = batch * seq
//   positions = those of all that are wanted
//   chunk     = positions worked on at once

/// <summary>
/// A linear layer, log-softmax, and the pick of one token per position, as one step of the autograd graph. With
/// p = softmax(z) and H its entropy, d log p(token) / dz = onehot(token) - p and dH / dz = -p (log p + H).
/// </summary>
internal sealed class ChunkedLogSoftmax : autograd.SingleTensorFunction<ChunkedLogSoftmax>
{
    private const long ScoresAtOnce = 1 << 22; // 16 MB of float32: some chunks fit into a cache, none into the way

    public override string Name => nameof(ChunkedLogSoftmax);

    /// <returns>[all, 2]: log-probability and entropy at the wanted positions, zero elsewhere.</returns>
    public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
    {
        using var scope = NewDisposeScope();
        var (hidden, weight, wanted, targets) = ((Tensor)arguments[0], (Tensor)arguments[1], (Tensor)arguments[2], (Tensor)arguments[3]);
        var temperature = (double)arguments[4];
        var selected = hidden.index_select(0, wanted);                        // [positions, hidden]
        var normalizers = empty(wanted.shape[0], ScalarType.Float32, hidden.device);
        var result = empty([wanted.shape[0], 2], ScalarType.Float32, hidden.device);
        foreach (var (start, count) in Chunks(wanted.shape[0], weight.shape[0]))
        {
            using var chunkScope = NewDisposeScope();
            var scores = Scores(selected.narrow(0, start, count), weight, temperature);
            var normalizer = scores.logsumexp(-1);                            // [chunk]
            normalizers.narrow(0, start, count).copy_(normalizer);
            var chosen = scores.gather(-1, targets.narrow(0, start, count).unsqueeze(-1)).squeeze(-1);
            var probabilities = (scores - normalizer.unsqueeze(-1)).exp_();
            var entropy = normalizer - probabilities.mul_(scores).sum(-1);    // H = log Z - sum p z
            result.narrow(0, start, count).copy_(stack([chosen - normalizer, entropy], dim: -1));
        }
        // They are taken up only when this method has returned, so they must outlive its scope.
        context.save_for_backward([selected.MoveToOuterDisposeScope(), weight, wanted, targets, normalizers.MoveToOuterDisposeScope(), result.MoveToOuterDisposeScope()]);
        context.save_data("temperature", temperature);
        context.save_data("all", hidden.shape[0]);
        return zeros([hidden.shape[0], 2], ScalarType.Float32, hidden.device).index_copy_(0, wanted, result).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var saved = context.get_saved_variables();
        var (selected, weight, wanted, targets, normalizers, result) = (saved[0], saved[1], saved[2], saved[3], saved[4], saved[5]);
        var temperature = (double)context.get_data("temperature");
        var wantedGradient = gradient.index_select(0, wanted);                // [positions, 2]
        var selectedGradient = empty_like(selected);
        var weightGradient = weight.requires_grad ? zeros_like(weight) : null; // frozen beside an adapter
        foreach (var (start, count) in Chunks(wanted.shape[0], weight.shape[0]))
        {
            using var chunkScope = NewDisposeScope();
            var ofLogProb = wantedGradient.narrow(0, start, count).narrow(1, 0, 1);   // [chunk, 1]
            var ofEntropy = wantedGradient.narrow(0, start, count).narrow(1, 1, 1);   // [chunk, 1]
            var entropy = result.narrow(0, start, count).narrow(1, 1, 1);             // [chunk, 1]
            var hidden = selected.narrow(0, start, count);
            var logProbs = Scores(hidden, weight, temperature).sub_(normalizers.narrow(0, start, count).unsqueeze(-1));
            var probabilities = logProbs.exp();                                       // [chunk, vocab]
            var ofScores = logProbs.add_(entropy).mul_(ofEntropy).add_(ofLogProb).mul_(probabilities).neg_();
            ofScores.scatter_add_(-1, targets.narrow(0, start, count).unsqueeze(-1), ofLogProb);
            ofScores.div_(temperature);
            selectedGradient.narrow(0, start, count).copy_(ofScores.matmul(weight));
            weightGradient?.addmm_(ofScores.t(), hidden);
        }
        var hiddenGradient = zeros([(long)context.get_data("all"), selected.shape[1]], selected.dtype, selected.device)
            .index_copy_(0, wanted, selectedGradient);
        return [hiddenGradient.MoveToOuterDisposeScope(), weightGradient?.MoveToOuterDisposeScope()!, null!, null!, null!];
    }

    /// <summary>[chunk, vocab], float32.</summary>
    private static Tensor Scores(Tensor hidden, Tensor weight, double temperature)
    {
        var scores = nn.functional.linear(hidden, weight).to(ScalarType.Float32); // bfloat16 sums drift over a large vocab
        return temperature == 1 ? scores : scores.div_(temperature);
    }

    private static IEnumerable<(long Start, long Count)> Chunks(long positions, long vocab)
    {
        var size = Math.Max(64, ScoresAtOnce / vocab);
        for (long start = 0; start < positions; start += size) yield return (start, Math.Min(size, positions - start));
    }
}
