using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;
using Pipeline.Training.Losses;
using Pipeline.Training.Losses.Distillation;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.Distillation;

/// <summary>
/// What a student learns from a teacher that looks at the same rows: its whole distribution over each next token, and as much of
/// the row's own token as the weight leaves (Hinton et al., arXiv:1503.02531).
/// </summary>
internal sealed class TeacherLoss
{
    private readonly ChatModel _teacher;
    private readonly LogitOptions _options;
    private readonly Divergence _divergence;

    /// <param name="teacher">Shares the student's vocabulary; never trained.</param>
    /// <param name="student">The student.</param>
    /// <param name="options">Direction, temperature, tokens told apart, weight.</param>
    /// <exception cref="ConfigException">The vocabularies differ.</exception>
    public TeacherLoss(ChatModel teacher, ChatModel student, LogitOptions options)
    {
        RequireSameVocabulary(teacher.Tokenizer, student.Tokenizer);
        (_teacher, _options) = (teacher, options);
        _divergence = new Divergence(
            options.Divergence == LogitDivergence.ForwardKl ? DivergenceDirection.Forward : DivergenceDirection.Reverse, options.Temperature, options.TopK);
    }

    /// <summary>Adds the gradient of one micro-batch to the student, as <see cref="LanguageLoss.Backward"/> does.</summary>
    public (double Loss, double Entropy) Backward(
        LanguageModel student, IReadOnlyList<IReadOnlyList<TokenExample>> rows, long stepTokens, Device device)
    {
        using var scope = NewDisposeScope();
        var batch = ShiftedBatch.Of(rows, device);
        // Embeddings are often padded up, not to the same size; what is beyond the tokenizer is no token.
        var vocabulary = _teacher.Tokenizer.VocabularySize;
        var (hiddenStates, outputWeight) = (student.HiddenStates(batch.Inputs, batch.Documents), student.OutputWeight.narrow(0, 0, vocabulary));
        var divergence = TeacherDivergence.Of(hiddenStates, outputWeight, TeacherStates(batch), _teacher.Model.OutputWeight.narrow(0, 0, vocabulary), batch.Mask, _divergence);
        var (logProbs, entropy) = ChunkedTokenLogProbs.Of(hiddenStates, outputWeight, batch.Targets, batch.Mask);
        var loss = _options.Weight * TokenMean.Of(divergence, batch.Mask, stepTokens);
        if (_options.Weight < 1) loss += (1 - _options.Weight) * CrossEntropy.Of(logProbs, batch.Mask, stepTokens);
        loss.backward();
        return (loss.item<float>(), TokenMean.Of(entropy.detach(), batch.Mask, stepTokens).item<float>());
    }

    private Tensor TeacherStates(ShiftedBatch batch)
    {
        using var noGradient = no_grad();
        return _teacher.Model.HiddenStates(batch.Inputs, batch.Documents);
    }

    /// <summary>Templates may differ, since the student's own writes the rows; ids may not, since they are what is compared.</summary>
    private static void RequireSameVocabulary(Tokenizer teacher, Tokenizer student)
    {
        if (teacher.VocabularySize != student.VocabularySize) throw Mismatch(
            $"the teacher's tokenizer has {teacher.VocabularySize} ids, the student's {student.VocabularySize}");
        for (var id = 0; id < teacher.VocabularySize; id++)
            if (teacher.Find(id) is var ofTeacher && student.Find(id) is var ofStudent && ofTeacher != ofStudent) throw Mismatch(
                $"id {id} is {Quoted(ofTeacher)} to the teacher and {Quoted(ofStudent)} to the student");
    }

    private static string Quoted(string? token) => token is null ? "nothing" : $"\"{token}\"";

    private static ConfigException Mismatch(string what) => new(StageErrors.TokenizerMismatch,
        $"The distribution of the teacher means nothing to this student: {what}. Leave out options.logits and the input teacher to learn from rows alone, which works across tokenizers.");
}
