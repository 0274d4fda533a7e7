using Pipeline.Stages.Evaluation.Problems;

namespace Pipeline.Stages.Evaluation.Benchmarks;

/// <summary>GSM8K (arXiv:2110.14168): <c>question</c>, and <c>answer</c> with a worked solution whose last line is <c>#### 18</c>.</summary>
internal sealed class Gsm8k(string instruction) : Benchmark(instruction)
{
    private const string Mark = "####";

    public override Problem Read(ProblemFields row)
    {
        var solution = row.Text("answer");
        return Ask("gsm8k", row.Text("question"), solution[(solution.LastIndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at ? at + Mark.Length : 0)..].Trim(), id: null);
    }
}
