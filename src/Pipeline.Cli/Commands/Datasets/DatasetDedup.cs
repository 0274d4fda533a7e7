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
        var near = new Option<double?>("--near") { Description = "Also rows that share this part of their runs of five words and signs with an earlier one, such as 0.8.", HelpName = "SHARE" };
        near.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (>= 0.5 and <= 1))) result.AddError("--near takes a share from 0.5 to 1.");
        });
        var cleaning = new DatasetCleaning(command, [near], by: "row");
        command.SetAction(parsed => cleaning.Run(parsed, terminal, (table, byPrompt, output, note) => new Deduplication(byPrompt, parsed.GetValue(near)).Run(table, output, note)));
        return command;
    }
}
