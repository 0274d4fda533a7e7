using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>How the reference of the KL follows the policy: exactly one of these is set.</summary>
[ExactlyOne]
public sealed record ReferenceUpdate
{
    /// <summary>Not at all: it stays the policy that the stage began with.</summary>
    public FixedReference? Fixed { get; init; }

    /// <summary>It becomes the policy now and then (the paper: every 400 steps).</summary>
    public ReplacedReference? Replace { get; init; }

    /// <summary>It is a running mean of the policy's weights (TR-DPO arXiv:2404.09656, soft update).</summary>
    public AveragedReference? Ema { get; init; }
}

/// <summary>A reference that stays as it is.</summary>
public sealed record FixedReference;

/// <summary>A reference that becomes the policy now and then.</summary>
public sealed record ReplacedReference
{
    /// <summary>Steps between replacements. Default 400, as in the paper.</summary>
    [Range(1, int.MaxValue)] public int Every { get; init; } = 400;
}

/// <summary>A reference that is a running mean of the policy.</summary>
public sealed record AveragedReference
{
    /// <summary>Share of the old reference that stays at each update. Default 0.99.</summary>
    [Range(0.0, 1.0)] public double Decay { get; init; } = 0.99;

    /// <summary>Steps between updates. Default 1.</summary>
    [Range(1, int.MaxValue)] public int Every { get; init; } = 1;
}
