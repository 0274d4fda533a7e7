using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Contents;
using Pipeline.Datasets.Tables;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary><c>pipeline dataset split FILE -o DIR</c>: parts that share no prompt.</summary>
internal static class DatasetSplit
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("split", "Split by a seeded hash of the prompt: rows with the same prompt are in one part, whatever their order and whatever is added later.");
        var (file, json) = (DatasetArguments.File(), SharedOptions.Json());
        var output = new Option<string>("--output", "-o") { Description = "The folder for train, validation and test, in the format of the input.", HelpName = "DIR", Required = true };
        var test = new Option<double>("--test") { Description = "Share of the test part.", HelpName = "SHARE", DefaultValueFactory = _ => 0.1 };
        var validation = new Option<double>("--validation") { Description = "Share of a validation part.", HelpName = "SHARE", DefaultValueFactory = _ => 0 };
        var seed = new Option<ulong>("--seed") { Description = "Another seed makes another split.", HelpName = "N", DefaultValueFactory = _ => 1 };
        command.Arguments.Add(file);
        foreach (var option in (Option[])[output, test, validation, seed, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            List<(string Name, double Share)> parts = [("train", 0), ("test", parsed.GetValue(test)), ("validation", parsed.GetValue(validation))];
            if (parts.Any(part => !(part.Share >= 0)) || parts.Sum(part => part.Share) is 0 or >= 1) throw new CliException("DATASET_SHARES",
                "The shares of --test and --validation should be at least 0, and together more than 0 and less than 1.", ExitCode.Usage);
            parts.RemoveAll(part => part is { Share: 0, Name: not "train" });
            IReadOnlyList<long> counts;
            string[] files;
            using (var progress = new ProgressLine(terminal, "splitting", TimeProvider.System))
            {
                var table = DatasetArguments.Open(parsed.GetValue(file)!, progress);
                var split = new SeededSplit(parsed.GetValue(seed), [.. parts.Skip(1).Select(part => part.Share)]);
                files = [.. parts.Select(part => Path.Combine(parsed.GetValue(output)!, part.Name + table.Extension))];
                foreach (var target in files) DatasetArguments.SameFormat(table, target);
                counts = table.Distribute(files, row => row.Fields is null ? throw Unreadable(table, row) : split.Of(RowText.Of(row.Fields).PromptOrWhole));
            }
            if (parsed.GetValue(json)) Json.Write(terminal, files.Zip(counts, (path, rows) => new { File = Path.GetFullPath(path), Rows = rows }));
            else foreach (var (path, rows) in files.Zip(counts)) terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {rows} rows ({100.0 * rows / counts.Sum():0.#} %)"));
            return ExitCode.Done;
        });
        return command;
    }

    private static CliException Unreadable(Table table, TableRow row) => new("ROW_UNREADABLE",
        $"{row.File}: row {row.Number} {row.Problem}; no part was written. `pipeline dataset validate {table.Path}` names all such rows.", ExitCode.Failed);
}
