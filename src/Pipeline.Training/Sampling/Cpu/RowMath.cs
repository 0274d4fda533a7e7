using System.Runtime.Intrinsics;

namespace Pipeline.Training.Sampling.Cpu;

/// <summary>What is done to one row between matrix products.</summary>
internal static unsafe class RowMath
{
    private const int Lanes = 16;

    /// <summary>Root-mean-square norm, see <see cref="Models.RmsNorm"/>; in place if <paramref name="output"/> is the input.</summary>
    public static void Normalize(float* input, float* weight, float* output, int count, float epsilon)
    {
        var squares = Vector512<float>.Zero;
        var i = 0;
        for (; i + Lanes <= count; i += Lanes)
        {
            var x = Vector512.Load(input + i);
            squares = Vector512.FusedMultiplyAdd(x, x, squares);
        }
        var sum = Vector512.Sum(squares);
        for (; i < count; i++) sum += input[i] * input[i];
        var scale = 1 / MathF.Sqrt(sum / count + epsilon);
        for (i = 0; i + Lanes <= count; i += Lanes) (Vector512.Load(input + i) * scale * Vector512.Load(weight + i)).Store(output + i);
        for (; i < count; i++) output[i] = input[i] * scale * weight[i];
    }

    /// <summary>gate = silu(gate) * up. Both have room for whole vectors.</summary>
    public static void SiluTimes(float* gate, float* up, int count)
    {
        for (var i = 0; i < count; i += Lanes)
        {
            var x = Vector512.Load(gate + i);
            (x / (Vector512<float>.One + Vector512.Exp(-x)) * Vector512.Load(up + i)).Store(gate + i);
        }
    }

    /// <summary>Turns a query or key to its position, in place, see <see cref="Models.RotaryEmbedding"/>.</summary>
    /// <param name="head">[headDim].</param>
    /// <param name="cos">[headDim], of the position.</param>
    /// <param name="signedSin">[headDim], likewise.</param>
    /// <param name="headDim">Even.</param>
    public static void Turn(float* head, float* cos, float* signedSin, int headDim)
    {
        var half = headDim / 2;
        for (var i = 0; i < half; i++)
        {
            var (first, second) = (head[i], head[i + half]);
            head[i] = first * cos[i] + second * signedSin[i];
            head[i + half] = second * cos[i + half] + first * signedSin[i + half];
        }
    }
}
