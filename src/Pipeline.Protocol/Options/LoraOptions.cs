using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>
/// Trains small matrices beside the model's weights, which stay as they are (LoRA, arXiv:2106.09685): optimizer and checkpoints
/// shrink to a few percent. The output model has the adapter merged in, and beside it in <c>adapter/</c> as PEFT reads it.
/// </summary>
public sealed record LoraOptions
{
    /// <summary>Inner dimension of each pair of matrices: how much can be learnt. Default 16.</summary>
    [Range(1, 4096)] public int Rank { get; init; } = 16;

    /// <summary>The pairs' product is scaled by alpha / rank. Default 32.</summary>
    [Range(1e-3, 1e6)] public double Alpha { get; init; } = 32;

    /// <summary>The linear layers that get a pair, in every block. Default all of them (QLoRA, arXiv:2305.14314, section 4).</summary>
    [MinLength(1)]
    public IReadOnlyList<LoraTarget> Targets { get; init; } = Enum.GetValues<LoraTarget>();

    /// <summary>Share of a pair's inputs that is left out in training. Default 0.</summary>
    [Range(0.0, 0.9)] public double Dropout { get; init; }
}

/// <summary>The linear layers of a block, by the names that checkpoints give them.</summary>
public enum LoraTarget
{
    /// <summary>Queries of attention.</summary>
    QProj,

    /// <summary>Keys of attention.</summary>
    KProj,

    /// <summary>Values of attention.</summary>
    VProj,

    /// <summary>Output of attention.</summary>
    OProj,

    /// <summary>Gate of the feed-forward layer.</summary>
    GateProj,

    /// <summary>What the gate scales.</summary>
    UpProj,

    /// <summary>Output of the feed-forward layer.</summary>
    DownProj,
}
