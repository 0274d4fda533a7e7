using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;
using Pipeline.Stages.Sft;
using static TorchSharp.torch;

namespace Pipeline.Stages.Distillation;

/// <summary>
/// <c>distillation</c>: SFT of a student on the rows that the teacher wrote, no RL (DeepSeek-R1, arXiv:2501.12948, section 2.4);
/// beyond the paper also by the teacher's distribution over each next token. See README.md in this folder.
/// </summary>
public static class DistillationStage
{
    /// <summary>Trains the student and writes the output <c>model</c>.</summary>
    public static StageOutcome Run(StageContext stage)
    {
        var options = stage.Options<DistillationOptions>();
        var device = TorchRuntime.Open(stage.Job);
        using var student = Student(stage, options, device);
        using var teacher = Teacher(stage, options, device);
        return SftStage.Train(stage, options, student, device,
            teacher is null ? LanguageLoss.Backward : new TeacherLoss(teacher, student, options.Logits!).Backward);
    }

    /// <summary>Only its distribution is asked for here: what it wrote is in the dataset.</summary>
    private static ChatModel? Teacher(StageContext stage, DistillationOptions options, Device device) =>
        (stage.OptionalInput("teacher"), options.Logits) switch
        {
            (null, null) => null,
            ({ } folder, not null) => ChatModel.Load(folder, device),
            (null, not null) => throw new ConfigException(StageErrors.OptionInvalid,
                "options.logits asks for a teacher's distribution, and there is no input teacher. Give one, or leave logits out to learn from the rows."),
            _ => throw new ConfigException(StageErrors.OptionInvalid,
                "There is an input teacher, and nothing asks for its distribution. Set options.logits (at least {}), or leave the teacher out."),
        };

    /// <summary>The paper's students are released models; the miniature's start from nothing.</summary>
    private static ChatModel Student(StageContext stage, DistillationOptions options, Device device) =>
        (stage.OptionalInput("model"), options.Student) switch
        {
            (not null, null) => SameTokenizer(stage, ChatModel.Load(stage, "model", options.ChatTemplate, device)),
            (null, not null) when options.ChatTemplate is not null => throw new ConfigException(StageErrors.OptionInvalid,
                "options.student speaks the template of the input tokenizer; options.chat_template is for the input model. Leave it out."),
            (null, not null) when options.Lora is not null => throw new ConfigException(StageErrors.OptionInvalid,
                "options.student starts from random weights, which options.lora would leave as they are. Leave lora out, or give the input model."),
            (null, { } shape) => ChatModel.New(shape, stage.Input("tokenizer"), Seeds.Of(stage.Seed, "weights"), device),
            (null, null) => throw new ConfigException(StageErrors.OptionInvalid,
                "There is no student: give the input model, or options.student and the input tokenizer."),
            _ => throw new ConfigException(StageErrors.OptionInvalid,
                "There are two students: the input model and options.student. Leave one of them out."),
        };

    /// <summary>A student that is given has its tokenizer; one that is given as well must be the same.</summary>
    private static ChatModel SameTokenizer(StageContext stage, ChatModel student)
    {
        if (stage.OptionalInput("tokenizer") is not { } folder || Tokenizer.Load(folder).Digest == student.Tokenizer.Digest) return student;
        student.Dispose();
        throw new ConfigException(StageErrors.TokenizerMismatch,
            "The input tokenizer is not the one of the input model, or its chat template differs. Leave it out: the model brings its own.");
    }
}
