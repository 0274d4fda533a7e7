using Pipeline.Protocol.Options;
using Pipeline.Stages.Evaluation.Problems;

namespace Pipeline.Stages.Evaluation.Benchmarks;

/// <summary>Any file of problems with answers, by the names of its columns.</summary>
internal sealed class NamedColumns(ProblemColumns columns, string instruction) : Benchmark(instruction)
{
    public override Problem Read(ProblemFields row) =>
        Ask("problems", row.Text(columns.Problem), row.Text(columns.Answer), row.Optional(columns.Id), row.Optional(columns.Level), row.Optional(columns.Subject));
}
