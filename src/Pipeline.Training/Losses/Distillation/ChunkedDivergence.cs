using static TorchSharp.torch;

namespace Pipeline.Training.Losses.Distillation;

// Axes used in this file:
//   all       = batch * seq
//   positions = those of all that are wanted
//   chunk     = positions worked on at once

/// <summary>
/// Two linear layers, two log-softmaxes and a divergence, as one step of the autograd graph. With s and t the student's and the
/// teacher's probabilities, z the student's scores, T the temperature and D the divergence:
/// <c>dD/dz = (s - t) / T</c> forward, <c>dD/dz = s (log s - log t - D) / T</c> in reverse.
/// </summary>
internal sealed class ChunkedDivergence : autograd.SingleTensorFunction<ChunkedDivergence>
{
    private const long ScoresAtOnce = 1 << 21; // of each of the two: together 16 MB of float32

    public override string Name => nameof(ChunkedDivergence);

    /// <returns>[all]: the divergence at the wanted positions, zero elsewhere.</returns>
    public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
    {
        using var scope = NewDisposeScope();
        var (hidden, weight, wanted) = ((Tensor)arguments[0], (Tensor)arguments[1], (Tensor)arguments[2]);
        var (teacher, teacherWeight, divergence) = ((Tensor)arguments[3], (Tensor)arguments[4], (Divergence)arguments[5]);
        var selected = hidden.index_select(0, wanted);                                    // [positions, hidden]
        var result = empty(wanted.shape[0], ScalarType.Float32, hidden.device);           // [positions]
        foreach (var (start, count) in Chunks(wanted.shape[0], weight.shape[0]))
        {
            using var chunkScope = NewDisposeScope();
            var (student, target) = LogProbs(selected.narrow(0, start, count), weight, teacher.narrow(0, start, count), teacherWeight, divergence);
            result.narrow(0, start, count).copy_(Distance(student, target, divergence.Direction));
        }
        // They are taken up only when this method has returned, so they must outlive its scope.
        context.save_for_backward([selected.MoveToOuterDisposeScope(), weight, wanted, teacher, teacherWeight, result.MoveToOuterDisposeScope()]);
        context.save_data("divergence", divergence);
        context.save_data("all", hidden.shape[0]);
        var scaled = result * (divergence.Temperature * divergence.Temperature);
        return zeros(hidden.shape[0], ScalarType.Float32, hidden.device).index_copy_(0, wanted, scaled).MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var saved = context.get_saved_variables();
        var (selected, weight, wanted, teacher, teacherWeight, result) = (saved[0], saved[1], saved[2], saved[3], saved[4], saved[5]);
        var divergence = (Divergence)context.get_data("divergence");
        // Of the square of the temperature that scales the divergence, one factor is used up by d(z / T) / dz.
        var wantedGradient = gradient.index_select(0, wanted) * divergence.Temperature;   // [positions]
        var selectedGradient = empty_like(selected);
        var weightGradient = weight.requires_grad ? zeros_like(weight) : null; // frozen beside an adapter
        foreach (var (start, count) in Chunks(wanted.shape[0], weight.shape[0]))
        {
            using var chunkScope = NewDisposeScope();
            var hidden = selected.narrow(0, start, count);
            var (student, target) = LogProbs(hidden, weight, teacher.narrow(0, start, count), teacherWeight, divergence);
            var ofScores = divergence.Direction == DivergenceDirection.Forward
                ? student.exp() - target.exp()
                : student.exp() * (student - target - result.narrow(0, start, count).unsqueeze(-1)); // [chunk, vocab]
            ofScores.mul_(wantedGradient.narrow(0, start, count).unsqueeze(-1));
            selectedGradient.narrow(0, start, count).copy_(ofScores.matmul(weight));
            weightGradient?.addmm_(ofScores.t(), hidden);
        }
        var hiddenGradient = zeros([(long)context.get_data("all"), selected.shape[1]], selected.dtype, selected.device)
            .index_copy_(0, wanted, selectedGradient);
        return [hiddenGradient.MoveToOuterDisposeScope(), weightGradient?.MoveToOuterDisposeScope()!, null!, null!, null!, null!];
    }

    /// <returns>[chunk, vocab] twice: the student's log-probabilities, and those it is compared with.</returns>
    private static (Tensor Student, Tensor Target) LogProbs(Tensor hidden, Tensor weight, Tensor teacher, Tensor teacherWeight, Divergence divergence)
    {
        var student = LogProbs(hidden, weight, divergence.Temperature);
        var target = LogProbs(teacher, teacherWeight, divergence.Temperature);
        return (student, divergence.TopK is { } k && k < weight.shape[0] ? Coarse(student, target, k) : target);
    }

    private static Tensor LogProbs(Tensor hidden, Tensor weight, double temperature) =>
        nn.functional.log_softmax(nn.functional.linear(hidden, weight).to(ScalarType.Float32) / temperature, dim: -1); // bfloat16 sums drift over a large vocab

    /// <summary>
    /// The teacher's log-probabilities where only its likeliest k tokens are told apart. What is left to the others is shared out
    /// among them as the student shares it: then their terms add up to that of their sum, in value and in gradient.
    /// </summary>
    private static Tensor Coarse(Tensor student, Tensor teacher, int k)
    {
        var (top, tokens) = teacher.topk(k, dim: -1);                                                              // [chunk, k]
        var nothing = full_like(top, double.NegativeInfinity);                                                     // [chunk, k], the log of 0
        var restOfTeacher = teacher.scatter(-1, tokens, nothing).logsumexp(-1, keepdim: true);                     // [chunk, 1]
        var restOfStudent = student.scatter(-1, tokens, nothing).logsumexp(-1, keepdim: true);                     // [chunk, 1]
        return (student + (restOfTeacher - restOfStudent)).scatter(-1, tokens, top);
    }

    /// <returns>[chunk].</returns>
    private static Tensor Distance(Tensor student, Tensor target, DivergenceDirection direction) => direction == DivergenceDirection.Forward
        ? (target.exp() * (target - student)).sum(-1)
        : (student.exp() * (student - target)).sum(-1);

    private static IEnumerable<(long Start, long Count)> Chunks(long positions, long vocab)
    {
        var size = Math.Max(64, ScoresAtOnce / vocab);
        for (long start = 0; start < positions; start += size) yield return (start, Math.Min(size, positions - start));
    }
}
