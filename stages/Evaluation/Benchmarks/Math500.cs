using Pipeline.Stages.Evaluation.Problems;

namespace Pipeline.Stages.Evaluation.Benchmarks;

/// <summary>MATH-500 (arXiv:2305.20050): <c>problem</c>, <c>answer</c>, <c>subject</c>, <c>level</c>, <c>unique_id</c>.</summary>
internal sealed class Math500(string instruction) : Benchmark(instruction)
{
    public override Problem Read(ProblemFields row) =>
        Ask("math-500", row.Text("problem"), row.Text("answer"), row.Optional("unique_id"), row.Optional("level"), row.Optional("subject", "type"));
}
