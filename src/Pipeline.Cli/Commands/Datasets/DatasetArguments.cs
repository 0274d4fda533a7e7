using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Sources;
using Pipeline.Datasets.Tables;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary>Arguments that the dataset commands share.</summary>
internal static class DatasetArguments
{
    public static Argument<string> File() => new("FILE") { Description = "A .jsonl, .ndjson, .json, .csv, .tsv or .parquet file, or a folder of .parquet files." };

    public static Option<string> Output() => new("--output", "-o") { Description = "The file to write, in the format of the input.", HelpName = "FILE", Required = true };

    public static Option<string?> Schema() => new("--from")
    {
        Description = $"The schema of the file [default: found by its columns]: {string.Join(", ", SourceSchemas.All.Select(schema => schema.Name))}.", HelpName = "SCHEMA",
    };

    public static Option<string[]> Rename() => new("--rename") { Description = "Read a column under another name, such as question=prompt; may be repeated.", HelpName = "OLD=NEW" };

    public static Option<string> By(string preset) => OneOf(new("--by")
    {
        Description = "What is compared: the prompt, or the row with its answers.", HelpName = "prompt|row", DefaultValueFactory = _ => preset,
    }, "prompt", "row");

    /// <summary>Opens a dataset whose reading is shown.</summary>
    public static Table Open(string path, ProgressLine progress)
    {
        var table = Table.Open(path);
        table.Progress = progress.Report;
        return table;
    }

    /// <summary>A copy keeps the format; only `convert` changes it.</summary>
    public static void SameFormat(Table table, string output)
    {
        if (!string.Equals(Path.GetExtension(output), table.Extension, StringComparison.OrdinalIgnoreCase)) throw new CliException("DATASET_FORMAT",
            $"{output} should end in {table.Extension} as {table.Path} does: rows are copied as they are. `pipeline dataset convert` makes Parquet.", ExitCode.Usage);
        if (Path.GetFullPath(output) == Path.GetFullPath(table.Path)) throw new CliException("DATASET_OUTPUT", $"{output} is the input. Name another file.", ExitCode.Usage);
    }

    public static Option<string> OneOf(Option<string> option, params string[] words)
    {
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
