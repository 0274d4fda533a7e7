using Pipeline.Datasets.Parquet;

namespace Pipeline.Server.Tests.Rollouts;

/// <summary>A row as TRL's <c>log_completions</c> writes it: the step as text, a column a reward, no total and no group.</summary>
internal sealed record TrlRow(string Step, string Prompt, string Completion, double Accuracy, double Advantage) : IDatasetRow<TrlRow>
{
    static void IDatasetRow<TrlRow>.Write(ColumnWriter columns, IReadOnlyList<TrlRow> rows)
    {
        columns.Text("step", rows.Select(row => row.Step));
        columns.Text("prompt", rows.Select(row => row.Prompt));
        columns.Text("completion", rows.Select(row => row.Completion));
        columns.Number("accuracy_reward", rows.Select(row => row.Accuracy));
        columns.Number("format_reward", rows.Select(_ => 0.5));
        columns.Number("advantage", rows.Select(row => row.Advantage));
    }

    static TrlRow[] IDatasetRow<TrlRow>.Read(ColumnReader columns) => throw new NotSupportedException();
}
