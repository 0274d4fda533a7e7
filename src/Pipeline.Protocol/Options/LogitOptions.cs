using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>How a student learns a teacher's distribution over the next token (Hinton et al., arXiv:1503.02531).</summary>
public sealed record LogitOptions
{
    /// <summary>What is small when the student does as the teacher does. Default forward KL.</summary>
    public LogitDivergence Divergence { get; init; } = LogitDivergence.ForwardKl;

    /// <summary>Divides the scores of both; above 1 the teacher's unlikely tokens count more. Default 1.</summary>
    [Range(0.01, 100.0)] public double Temperature { get; init; } = 1;

    /// <summary>The teacher's likeliest tokens that are told apart; the others count as one. Default every token.</summary>
    [Range(1, 1 << 20)] public int? TopK { get; init; }

    /// <summary>Weight of the divergence; what is left to 1 is that of the row's own tokens, as in SFT. Default 1.</summary>
    [Range(0.0, 1.0)] public double Weight { get; init; } = 1;
}

/// <summary>Which distribution the divergence is averaged over.</summary>
public enum LogitDivergence
{
    /// <summary>KL(teacher || student): the student covers all that the teacher might say.</summary>
    ForwardKl,

    /// <summary>KL(student || teacher): the student says only what the teacher might (MiniLLM, arXiv:2306.08543).</summary>
    ReverseKl,
}
