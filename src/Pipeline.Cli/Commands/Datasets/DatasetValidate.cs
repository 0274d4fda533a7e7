using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Sources;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary><c>pipeline dataset validate FILE</c>: every row that is not what the schema says.</summary>
internal static class DatasetValidate
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("validate", "Name every row that is not what its schema says, with column, reason and remedy; exit code 1 if there is one.");
        var (file, schema, rename, json) = (DatasetArguments.File(), DatasetArguments.Schema(), DatasetArguments.Rename(), SharedOptions.Json());
        var most = MaxProblems();
        command.Arguments.Add(file);
        foreach (var option in (Option[])[schema, rename, most, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var problems = new RowProblems(parsed.GetValue(most));
            long rows;
            ISourceSchema found;
            using (var progress = new ProgressLine(terminal, "checking", TimeProvider.System))
            {
                var conversion = DatasetConvert.Prepare(parsed.GetValue(file)!, parsed.GetValue(schema), parsed.GetValue(rename) ?? [], null, progress, problems, out _);
                (rows, found) = (conversion.Check(), conversion.Schema);
            }
            if (parsed.GetValue(json)) Json.Write(terminal, new { Schema = found.Name, found.Becomes, Valid = rows, Invalid = problems.Count, Codes = problems.Counts, Problems = problems.First });
            else
            {
                problems.Print(terminal);
                terminal.Out.WriteLine($"{found.Name}: {rows} rows valid as {found.Becomes}{(problems.Count == 0 ? "." : $", {problems.Count} not ({string.Join(", ", problems.Counts.Select(count => $"{count.Value} {count.Key}"))}).")}");
            }
            return problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    public static Option<int> MaxProblems() => new("--max-problems") { Description = "How many rows are named.", HelpName = "N", DefaultValueFactory = _ => 20 };
}
