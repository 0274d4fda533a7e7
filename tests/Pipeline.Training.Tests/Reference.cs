using Pipeline.Training.Safetensors;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests;

/// <summary>The committed numbers of tests/Reference.</summary>
internal static class Reference
{
    public static string PathOf(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", name);

    public static Dictionary<string, Tensor> Read(string name) => SafetensorsFile.Read(PathOf(name));

    /// <summary>Largest difference, as a share of the largest expected value: a bug is of the order of 1, rounding of 1e-7.</summary>
    public static double Difference(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        Assert.That(actual.shape, Is.EqualTo(expected.shape));
        return ((actual - expected).abs().max() / expected.abs().max().clamp(min: 1e-12)).to(ScalarType.Float64).item<double>();
    }
}
