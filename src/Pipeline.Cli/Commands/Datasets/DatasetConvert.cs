using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Sources;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary><c>pipeline dataset convert FILE -o OUT</c>: makes our Parquet of datasets of others.</summary>
internal static class DatasetConvert
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("convert", "Write a dataset of any known schema as the Parquet that stages read.");
        var (file, schema, rename, json) = (DatasetArguments.File(), DatasetArguments.Schema(), DatasetArguments.Rename(), SharedOptions.Json());
        var output = new Option<string>("--output", "-o") { Description = "A .parquet file, or a folder.", HelpName = "PATH", Required = true };
        var source = new Option<string?>("--source") { Description = "The dataset's name, for rows that do not say so themselves [default: the file's].", HelpName = "NAME" };
        var most = DatasetValidate.MaxProblems();
        command.Arguments.Add(file);
        foreach (var option in (Option[])[output, schema, rename, source, most, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var problems = new RowProblems(parsed.GetValue(most));
            Conversion conversion;
            IReadOnlyList<ISourceSchema> others;
            long written;
            using (var progress = new ProgressLine(terminal, "converting", TimeProvider.System))
            {
                conversion = Prepare(parsed.GetValue(file)!, parsed.GetValue(schema), parsed.GetValue(rename) ?? [], parsed.GetValue(source), progress, problems, out others);
                try { written = conversion.Write(parsed.GetValue(output)!); }
                catch (Pipeline.Datasets.DatasetException) when (problems.Count > 0)
                {
                    problems.Print(terminal); // they are why no row is left
                    throw;
                }
            }
            problems.Print(terminal);
            var found = conversion.Schema;
            if (parsed.GetValue(json)) Json.Write(terminal, new { Schema = found.Name, found.Becomes, Written = written, LeftOut = problems.Count, Codes = problems.Counts, Output = Path.GetFullPath(parsed.GetValue(output)!) });
            else
            {
                terminal.Out.WriteLine($"{found.Name}: {written} rows written as {found.Becomes} to {parsed.GetValue(output)}{(problems.Count == 0 ? "." : $", {problems.Count} left out.")}");
                if (others.Count > 0) terminal.Out.WriteLine($"It could also be read {string.Join(" or ", others.Select(other => $"--from {other.Name} (as {other.Becomes})"))}.");
            }
            return problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    /// <summary>Finds the schema and sets the reading up; <paramref name="others"/> are schemas of another kind that fit as well, if none was named.</summary>
    public static Conversion Prepare(
        string file, string? schema, string[] rename, string? source, ProgressLine progress, RowProblems problems, out IReadOnlyList<ISourceSchema> others)
    {
        var table = DatasetArguments.Open(file, progress);
        var renaming = Renaming.Parse(rename);
        var fitting = schema is null ? SourceSchemas.Detect(table, renaming) : [SourceSchemas.Named(schema)];
        others = [.. fitting.Skip(1).DistinctBy(other => other.Becomes).Where(other => other.Becomes != fitting[0].Becomes)];
        return new Conversion(table, fitting[0], renaming, source ?? Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(file)), problems.Add);
    }
}
