using Pipeline.Stages.Evaluation.Problems;

namespace Pipeline.Stages.Evaluation.Benchmarks;

/// <summary>AIME as its collections write it: <c>problem</c> or <c>question</c>, <c>answer</c>, and <c>id</c> and <c>year</c> where they are there.</summary>
internal sealed class Aime(string instruction) : Benchmark(instruction)
{
    public override Problem Read(ProblemFields row) =>
        Ask("aime", row.Text("problem", "question"), row.Text("answer"), row.Optional("id", "unique_id"), subject: row.Optional("year"));
}
