using System.Runtime.InteropServices;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Sampling.Cpu;

/// <summary>The weights of a decoder layer as <see cref="CpuDecoder"/> reads them.</summary>
internal sealed class CpuLayer : IDisposable
{
    /// <param name="layer">Whose weights are copied.</param>
    /// <param name="crew">Who copies.</param>
    public CpuLayer(DecoderLayer layer, Crew crew)
    {
        using var scope = NewDisposeScope();
        var attention = layer.Attention;
        AttentionNorm = Vector(layer.AttentionNorm.Weight);
        QueryKeyValue = new PackedMatrix([attention.Query.Merged(), attention.Key.Merged(), attention.Value.Merged()],
            attention.Query.Bias is { } bias ? [bias, attention.Key.Bias!, attention.Value.Bias!] : null, crew);
        QueryNorm = attention.QueryNorm is { } queryNorm ? Vector(queryNorm.Weight) : null;
        KeyNorm = attention.KeyNorm is { } keyNorm ? Vector(keyNorm.Weight) : null;
        Output = new PackedMatrix([attention.Output.Merged()], null, crew);
        FeedForwardNorm = Vector(layer.FeedForwardNorm.Weight);
        Gate = new PackedMatrix([layer.FeedForward.Gate.Merged()], null, crew);
        Up = new PackedMatrix([layer.FeedForward.Up.Merged()], null, crew);
        Down = new PackedMatrix([layer.FeedForward.Down.Merged()], null, crew);
    }

    public NativeFloats AttentionNorm { get; }
    public PackedMatrix QueryKeyValue { get; }
    public NativeFloats? QueryNorm { get; }
    public NativeFloats? KeyNorm { get; }
    public PackedMatrix Output { get; }
    public NativeFloats FeedForwardNorm { get; }
    public PackedMatrix Gate { get; }
    public PackedMatrix Up { get; }
    public PackedMatrix Down { get; }

    public void Dispose()
    {
        AttentionNorm.Dispose();
        QueryKeyValue.Dispose();
        QueryNorm?.Dispose();
        KeyNorm?.Dispose();
        Output.Dispose();
        FeedForwardNorm.Dispose();
        Gate.Dispose();
        Up.Dispose();
        Down.Dispose();
    }

    /// <summary>A copy of a tensor, row by row.</summary>
    public static unsafe NativeFloats Vector(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var plain = tensor.detach().to(ScalarType.Float32).contiguous();
        var copy = new NativeFloats(plain.numel());
        MemoryMarshal.Cast<byte, float>(plain.bytes).CopyTo(new Span<float>(copy.Pointer, (int)copy.Count));
        return copy;
    }
}
