using System.CommandLine;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary><c>pipeline dataset …</c>: looks at datasets of others and makes ours of them.</summary>
internal static class DatasetCommand
{
    public static Command Create(Terminal terminal) => new("dataset", "Look at datasets (.jsonl, .json, .csv, .tsv, .parquet), check, convert and clean them.")
    {
        DatasetHead.Create(terminal), DatasetStats.Create(terminal), DatasetValidate.Create(terminal), DatasetConvert.Create(terminal),
        DatasetSplit.Create(terminal), DatasetDedup.Create(terminal), DatasetDecontaminate.Create(terminal),
    };
}
