using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Training.Sampling;

/// <summary>From the scores of one row to its next token. Not for two threads at once.</summary>
/// <param name="options">How to draw.</param>
/// <param name="vocab">Scores of a row.</param>
internal sealed class TokenChoice(SamplingOptions options, int vocab)
{
    private const int Block = 16; // lanes of a Vector512

    private readonly float _temperature = options.Temperature == 0 ? 1 : (float)options.Temperature;
    private readonly bool _filters = options.TopP < 1 || options.TopK > 0 || options.MinP > 0;
    private readonly float[] _penalized = new float[vocab];
    private readonly float[] _weights = new float[vocab];                      // of each token, not normalized
    private readonly double[] _blockSums = new double[(vocab + Block - 1) / Block]; // of sixteen weights each
    private readonly List<(float Weight, int Token)> _candidates = [];

    /// <summary>
    /// Draws by the inverse of the cumulated probability: a token is taken if the random number falls into its stretch of
    /// [0, 1). The penalty comes first, then temperature, top-k, top-p of what top-k left, and min-p.
    /// </summary>
    /// <param name="logits">[vocab].</param>
    /// <param name="seen">Tokens of prompt and completion, for the penalty; each once. Not read without one.</param>
    /// <param name="uniform">In [0, 1).</param>
    /// <returns>The token, and its log-probability as <see cref="Completion.LogProbs"/> has it: no filter and no penalty is in it.</returns>
    public (int Token, float LogProb) Of(ReadOnlySpan<float> logits, IReadOnlyCollection<int> seen, float uniform)
    {
        var scores = options.RepetitionPenalty == 1 ? logits : Penalize(logits, seen);
        var (best, total) = Weigh(scores);
        var token = options.Temperature == 0 ? scores.IndexOf(best) : _filters ? DrawFiltered(total, uniform) : Draw(total, uniform);
        if (options.RepetitionPenalty != 1) (best, total) = Weigh(logits);
        return (token, (float)((logits[token] - best) / _temperature - Math.Log(total)));
    }

    private ReadOnlySpan<float> Penalize(ReadOnlySpan<float> logits, IReadOnlyCollection<int> seen)
    {
        logits.CopyTo(_penalized);
        foreach (var token in seen)
        {
            ref var score = ref _penalized[token];
            score = (float)(score > 0 ? score / options.RepetitionPenalty : score * options.RepetitionPenalty);
        }
        return _penalized;
    }

    /// <summary>Fills the weights with exp((score - best) / temperature).</summary>
    /// <returns>The best score and the sum of the weights.</returns>
    private (float Best, double Total) Weigh(ReadOnlySpan<float> scores)
    {
        var whole = MemoryMarshal.Cast<float, Vector512<float>>(scores);
        var most = Vector512.Create(float.NegativeInfinity);
        foreach (var block in whole) most = Vector512.Max(most, block);
        var best = float.NegativeInfinity;
        for (var lane = 0; lane < Block; lane++) best = Math.Max(best, most[lane]);
        foreach (var score in scores[(whole.Length * Block)..]) best = Math.Max(best, score);

        var (offset, inverse) = (Vector512.Create(best), Vector512.Create(1 / _temperature));
        var weights = MemoryMarshal.Cast<float, Vector512<float>>(_weights.AsSpan());
        var total = 0.0;
        for (var i = 0; i < whole.Length; i++)
        {
            weights[i] = Vector512.Exp((whole[i] - offset) * inverse);
            total += _blockSums[i] = Vector512.Sum(weights[i]);
        }
        if (whole.Length < _blockSums.Length)
        {
            var sum = 0.0;
            for (var token = whole.Length * Block; token < scores.Length; token++)
                sum += _weights[token] = MathF.Exp((scores[token] - best) / _temperature);
            total += _blockSums[^1] = sum;
        }
        return (best, total);
    }

    private int Draw(double total, float uniform)
    {
        var (target, block) = (total * uniform, 0);
        while (block < _blockSums.Length - 1 && _blockSums[block] <= target) target -= _blockSums[block++];
        var end = Math.Min((block + 1) * Block, _weights.Length);
        var last = block * Block;
        for (var token = block * Block; token < end; token++)
        {
            if (_weights[token] == 0) continue;
            if ((target -= _weights[token]) < 0) return token;
            last = token;
        }
        return last; // rounding had left a little of the target
    }

    private int DrawFiltered(double total, float uniform)
    {
        // All tokens below this together are less than what top-p leaves out, so they need not be sorted.
        var tooSmall = options.TopK == 0 ? (1 - options.TopP) * total / vocab : 0;
        var least = (float)Math.Max(tooSmall, options.MinP); // the likeliest token's weight is 1
        _candidates.Clear();
        for (var token = 0; token < _weights.Length; token++)
            if (_weights[token] >= least && _weights[token] > 0) _candidates.Add((_weights[token], token));
        _candidates.Sort(static (a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : a.Token.CompareTo(b.Token));

        // Top-p is a share of what top-k left; min-p does not change it, which is why it may come first above.
        var reach = options.TopK > 0 ? Math.Min(options.TopK, _candidates.Count) : _candidates.Count;
        var mass = options.TopK > 0 ? LikeliestWeights(reach) : total;
        var (kept, sum) = (0, 0.0);
        while (kept < reach && (kept == 0 || sum < options.TopP * mass)) sum += _candidates[kept++].Weight;

        var target = sum * uniform;
        for (var i = 0; i < kept - 1; i++)
            if ((target -= _candidates[i].Weight) < 0) return _candidates[i].Token;
        return _candidates[kept - 1].Token;
    }

    private double LikeliestWeights(int count)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++) sum += _candidates[i].Weight;
        return sum;
    }
}
