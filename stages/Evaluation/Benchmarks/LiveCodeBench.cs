using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.Evaluation.Problems;

namespace Pipeline.Stages.Evaluation.Benchmarks;

/// <summary>
/// LiveCodeBench (arXiv:2403.07974): <c>question_content</c>, <c>starter_code</c>, <c>public_test_cases</c>, <c>private_test_cases</c>,
/// <c>metadata</c>, <c>question_id</c>, <c>difficulty</c>, <c>platform</c>. Problems with starter code are about a function, the others
/// about standard input and output.
/// </summary>
internal sealed class LiveCodeBench(string? instruction, CodeLanguage language) : Benchmark(instruction ?? "")
{
    private readonly string _name = language == CodeLanguage.Python ? "Python" : "JavaScript";

    public override Problem Read(ProblemFields row)
    {
        var starter = row.Optional("starter_code") is { } code && !string.IsNullOrWhiteSpace(code) ? code.TrimEnd() : null;
        return Ask("livecodebench", $"{row.Text("question_content").Trim()}\n\n{instruction ?? Task(starter)}",
            row.Json("public_test_cases", "private_test_cases", "metadata"), row.Optional("question_id"),
            level: row.Optional("difficulty"), subject: row.Optional("platform"), ability: Verifier.CodeAbility);
    }

    private string Task(string? starter) => starter is null
        ? $"Write a {_name} program that reads standard input and writes the answer to standard output. Please reason step by step, and put the whole program in one ```{_name.ToLowerInvariant()} block."
        : $"Complete this {_name} code. Please reason step by step, and put the whole of it in one ```{_name.ToLowerInvariant()} block.\n\n```{_name.ToLowerInvariant()}\n{starter}\n```";
}
