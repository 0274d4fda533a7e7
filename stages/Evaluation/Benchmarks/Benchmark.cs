using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Evaluation.Problems;

namespace Pipeline.Stages.Evaluation.Benchmarks;

/// <summary>Makes problems of the rows of a file whose columns it knows.</summary>
/// <param name="instruction">Said after each problem.</param>
internal abstract class Benchmark(string instruction)
{
    /// <summary>The paper's prompt for mathematics.</summary>
    protected const string StepByStep = @"Please reason step by step, and put your final answer within \boxed{}.";

    /// <summary>The benchmark that the options name.</summary>
    public static Benchmark Of(EvaluationOptions options) => options.Preset switch
    {
        BenchmarkPreset.Gsm8k => new Gsm8k(options.Instruction ?? StepByStep),
        BenchmarkPreset.Math500 => new Math500(options.Instruction ?? StepByStep),
        BenchmarkPreset.Aime => new Aime(options.Instruction ?? StepByStep),
        BenchmarkPreset.Gpqa => new Gpqa(options.Instruction ?? Gpqa.ChooseOne),
        BenchmarkPreset.LiveCodeBench => new LiveCodeBench(options.Instruction, options.Code.Language),
        null => new NamedColumns(options.Columns ?? new(), options.Instruction ?? StepByStep),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Preset, null),
    };

    /// <summary>The problem of a row.</summary>
    public abstract Problem Read(ProblemFields row);

    /// <summary>A problem in one turn of the user.</summary>
    protected Problem Ask(string source, string text, string truth, string? id, string? level = null, string? subject = null, string ability = "math")
    {
        IReadOnlyList<ChatMessage> prompt = [ChatMessage.User(instruction.Length == 0 ? text : $"{text}\n\n{instruction}")];
        return new Problem(new PromptRow(prompt, truth)
        {
            DataSource = source, Ability = ability, Split = "test", ProblemId = id ?? ProblemId.Of(text),
        }, level, subject);
    }
}
