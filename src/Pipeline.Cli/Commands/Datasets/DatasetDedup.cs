using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Cleaning;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary><c>pipeline dataset dedup FILE -o OUT</c>: each row once.</summary>
internal static class DatasetDedup
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("dedup", "Take out rows that repeat an earlier one: exactly but for white space and case, and on request nearly (MinHash).");
        var (file, output, by, removed, json) = (DatasetArguments.File(), DatasetArguments.Output(), DatasetArguments.By("row"), DatasetArguments.Removed(), SharedOptions.Json());
        var near = new Option<double?>("--near") { Description = "Also rows that share this part of their runs of five words and signs with an earlier one, such as 0.8.", HelpName = "SHARE" };
        near.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (>= 0.5 and <= 1))) result.AddError("--near takes a share from 0.5 to 1.");
        });
        command.Arguments.Add(file);
        foreach (var option in (Option[])[output, by, near, removed, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            using var log = new RemovalLog(parsed.GetValue(removed));
            CleaningCounts counts;
            using (var progress = new ProgressLine(terminal, "comparing", TimeProvider.System))
            {
                var table = DatasetArguments.Open(parsed.GetValue(file)!, progress);
                DatasetArguments.SameFormat(table, parsed.GetValue(output)!);
                counts = new Deduplication(parsed.GetValue(by) == "prompt", parsed.GetValue(near)).Run(table, parsed.GetValue(output)!, log.Add);
            }
            log.Print(counts, parsed.GetValue(output)!, parsed.GetValue(json), terminal);
            return ExitCode.Done;
        });
        return command;
    }
}
