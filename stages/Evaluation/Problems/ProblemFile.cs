using Pipeline.Datasets;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Evaluation.Benchmarks;

namespace Pipeline.Stages.Evaluation.Problems;

/// <summary>Reads the problems of an evaluation: verl's schema, a preset's, or columns that the options name.</summary>
internal static class ProblemFile
{
    /// <exception cref="DatasetException">It cannot be read, or lacks a column.</exception>
    public static IReadOnlyList<Problem> Read(string path, EvaluationOptions options)
    {
        if (options is { Preset: null, Columns: null } && !path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
            return [.. Dataset.Stream<PromptRow>(path).Take(options.Limit ?? int.MaxValue).Select(row => new Problem(row))];
        var benchmark = Benchmark.Of(options);
        List<Problem> problems = [.. ProblemFields.Read(path).Take(options.Limit ?? int.MaxValue).Select(benchmark.Read)];
        return problems.Count > 0 ? problems : throw new DatasetException(DatasetErrors.Empty, $"The file {path} has no rows.");
    }
}
