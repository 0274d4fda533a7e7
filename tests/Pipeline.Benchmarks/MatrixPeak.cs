using System.Diagnostics;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>The machine's own float32 matrix-multiply rate: what a training step is measured against.</summary>
internal static class MatrixPeak
{
    private const long Size = 2048;

    /// <returns>FLOP/s of the best of several products of two square matrices.</returns>
    public static double Measure()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (left, right) = (randn(Size, Size), randn(Size, Size));
        var best = double.MaxValue;
        for (var i = 0; i < 12; i++)
        {
            var clock = Stopwatch.StartNew();
            matmul(left, right).Dispose();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        return 2.0 * Size * Size * Size / best;
    }
}
