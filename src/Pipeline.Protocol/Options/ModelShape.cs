using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>The size of a decoder of the Llama family that is trained from nothing.</summary>
/// <remarks>The defaults are those of the quickstart: about 280,000 parameters.</remarks>
public sealed record ModelShape
{
    /// <summary>Width of the residual stream. Default 96.</summary>
    [Range(2, 65536)] public int Hidden { get; init; } = 96;

    /// <summary>Number of decoder blocks. Default 3.</summary>
    [Range(1, 1024)] public int Layers { get; init; } = 3;

    /// <summary>Number of query heads; divides <see cref="Hidden"/>. Default 4.</summary>
    [Range(1, 1024)] public int Heads { get; init; } = 4;

    /// <summary>Number of key and value heads; divides <see cref="Heads"/>. Default 2 (grouped-query attention, arXiv:2305.13245).</summary>
    [Range(1, 1024)] public int KvHeads { get; init; } = 2;

    /// <summary>Width inside the feed-forward block. Default 256, 8/3 of the hidden width (SwiGLU, arXiv:2002.05202).</summary>
    [Range(1, 1 << 20)] public int Intermediate { get; init; } = 256;

    /// <summary>Longest sequence, in tokens. Default 256.</summary>
    [Range(1, 1 << 24)] public int MaxPositions { get; init; } = 256;

    /// <summary>Base of the rotary frequencies. Default 10,000 (RoPE, arXiv:2104.09864).</summary>
    [Range(1.0, 1e12)] public double RopeTheta { get; init; } = 10_000;

    /// <summary>
    /// Standard deviation of the first weights. Default 0.06, about 0.6 / sqrt(hidden): the 0.02 of large models leaves the
    /// attention of a narrow one flat for hundreds of steps.
    /// </summary>
    [Range(0.0, 1.0)] public double InitializerRange { get; init; } = 0.06;

    /// <summary>Whether the output head is the embedding. Default true, as in the small Qwen2.5 models.</summary>
    public bool TieEmbeddings { get; init; } = true;
}
