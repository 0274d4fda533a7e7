using static TorchSharp.torch;

namespace Pipeline.Training.Losses.Distillation;

/// <summary>
/// The divergence of student and teacher, token by token, straight from the hidden states of both: the scores over the vocabulary
/// exist for one chunk of positions at a time, as in <see cref="ChunkedTokenLogProbs"/>.
/// </summary>
public static class TeacherDivergence
{
    /// <summary>The divergence at each wanted position.</summary>
    /// <param name="hiddenStates">[batch, seq, hidden] of the student; carries gradient.</param>
    /// <param name="outputWeight">[vocab, hidden] of the student; carries gradient.</param>
    /// <param name="teacherHiddenStates">[batch, seq, hidden of the teacher]. Carries none.</param>
    /// <param name="teacherOutputWeight">[vocab, hidden of the teacher]. Carries none.</param>
    /// <param name="completionMask">[batch, seq], bool. True where the result is wanted; nothing is computed elsewhere.</param>
    /// <param name="divergence">Direction, temperature, tokens told apart.</param>
    /// <returns>[batch, seq], float32, at least 0, in nats; zero outside the mask.</returns>
    public static Tensor Of(
        Tensor hiddenStates, Tensor outputWeight, Tensor teacherHiddenStates, Tensor teacherOutputWeight, Tensor completionMask, Divergence divergence)
    {
        using var scope = NewDisposeScope();
        var wanted = completionMask.reshape(-1).nonzero().squeeze(-1);                                                           // [positions]
        var teacher = teacherHiddenStates.detach().reshape(-1, teacherHiddenStates.shape[^1]).index_select(0, wanted);           // [positions, hidden]
        var flat = hiddenStates.reshape(-1, hiddenStates.shape[^1]);                                                             // [batch * seq, hidden]
        return ChunkedDivergence.apply(flat, outputWeight, wanted, teacher, teacherOutputWeight.detach(), divergence)
            .view(completionMask.shape).MoveToOuterDisposeScope();
    }
}
