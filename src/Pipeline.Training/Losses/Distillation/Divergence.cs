namespace Pipeline.Training.Losses.Distillation;

/// <summary>How far the student's distribution over the next token is from the teacher's.</summary>
/// <param name="Direction">Which of the two is averaged over.</param>
/// <param name="Temperature">
/// Divides the scores of both; above 1 the teacher's unlikely tokens count more. The divergence is multiplied by its square, so
/// that the gradient keeps its size (Hinton et al., arXiv:1503.02531, section 2).
/// </param>
/// <param name="TopK">
/// The teacher's likeliest tokens that are told apart; all others are one outcome, their sum. Null: every token. The
/// divergence between coarser outcomes is never larger, and with every token told apart the same.
/// </param>
public readonly record struct Divergence(DivergenceDirection Direction, double Temperature = 1, int? TopK = null);

/// <summary>Which of the two distributions the divergence is averaged over.</summary>
public enum DivergenceDirection
{
    /// <summary>KL(teacher || student): the student covers all that the teacher might say (arXiv:1503.02531).</summary>
    Forward,

    /// <summary>KL(student || teacher): the student says only what the teacher might (MiniLLM, arXiv:2306.08543).</summary>
    Reverse,
}
