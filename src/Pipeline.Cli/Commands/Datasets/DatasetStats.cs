using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Contents;
using Pipeline.Datasets.Tokenization;
using Spectre.Console;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary><c>pipeline dataset stats FILE</c>: rows, columns, lengths, duplicates.</summary>
internal static class DatasetStats
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("stats", "Count rows, columns, lengths, empty and repeated rows.");
        var (file, json) = (DatasetArguments.File(), SharedOptions.Json());
        var tokenizer = new Option<string?>("--tokenizer") { Description = "A model folder, whose tokenizer counts tokens too.", HelpName = "DIR" };
        command.Arguments.Add(file);
        command.Options.Add(tokenizer);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            DatasetStatistics found;
            using (var progress = new ProgressLine(terminal, "counting", TimeProvider.System))
            {
                var counter = parsed.GetValue(tokenizer) is { } folder ? Tokenizer.Load(folder) : null;
                found = DatasetStatistics.Of(DatasetArguments.Open(parsed.GetValue(file)!, progress), counter);
            }
            if (parsed.GetValue(json)) Json.Write(terminal, found);
            else Print(found, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(DatasetStatistics found, Terminal terminal)
    {
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{found.Rows} rows; {Share(found.Unreadable, found)} unreadable, {Share(found.Empty, found)} empty, {Share(found.Duplicates, found)} repeat an earlier row, {Share(found.DuplicatePrompts, found)} an earlier prompt"));
        terminal.Out.WriteLine();
        var columns = new Table().Border(TableBorder.None).AddColumns(new TableColumn("column"), new TableColumn("type"), new TableColumn("missing").RightAligned());
        foreach (var column in found.Columns) columns.AddRow(new Text(Printable.Line(column.Name)), new Text(Printable.Line(column.Type)), new Text($"{column.Missing}"));
        terminal.Ansi.Write(columns);
        terminal.Out.WriteLine();
        var lengths = new Table().Border(TableBorder.None).AddColumn("length");
        foreach (var heading in (string[])["shortest", "mean", "median", "95 %", "99 %", "longest", "all"]) lengths.AddColumn(new TableColumn(heading).RightAligned());
        Add(lengths, "prompt, characters", found.Characters.Prompt);
        Add(lengths, "answer, characters", found.Characters.Completion);
        Add(lengths, "prompt, tokens", found.Tokens?.Prompt);
        Add(lengths, "answer, tokens", found.Tokens?.Completion);
        terminal.Ansi.Write(lengths);
    }

    private static void Add(Table table, string name, Lengths? lengths)
    {
        if (lengths is not null) table.AddRow([name, .. new[]
        {
            lengths.Shortest, lengths.Mean, lengths.Median, lengths.P95, lengths.P99, lengths.Longest, lengths.Total,
        }.Select(value => value.ToString("0.#", CultureInfo.InvariantCulture))]);
    }

    private static string Share(long rows, DatasetStatistics all) => string.Create(CultureInfo.InvariantCulture, $"{rows} ({100.0 * rows / all.Rows:0.#} %)");
}
