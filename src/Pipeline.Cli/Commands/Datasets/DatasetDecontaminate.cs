using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Cleaning;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary><c>pipeline dataset decontaminate FILE --against EVAL -o OUT</c>: nothing that models are evaluated on.</summary>
internal static class DatasetDecontaminate
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("decontaminate", "Take out rows that share so many words in a row with a prompt of an evaluation dataset.");
        var (file, output, by, removed, json) = (DatasetArguments.File(), DatasetArguments.Output(), DatasetArguments.By("prompt"), DatasetArguments.Removed(), SharedOptions.Json());
        var against = new Option<string[]>("--against") { Description = "An evaluation dataset, of any format; may be repeated.", HelpName = "FILE", Required = true };
        var ngram = new Option<int>("--ngram")
        {
            Description = "Words in a row: 10 as in DeepSeekMath, 13 as in GPT-3, 8 as in open-r1.", HelpName = "N", DefaultValueFactory = _ => 10,
        };
        ngram.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 3) result.AddError("--ngram takes at least 3 words.");
        });
        command.Arguments.Add(file);
        foreach (var option in (Option[])[against, output, ngram, by, removed, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            using var log = new RemovalLog(parsed.GetValue(removed));
            CleaningCounts counts;
            using (var progress = new ProgressLine(terminal, "comparing", TimeProvider.System))
            {
                var table = DatasetArguments.Open(parsed.GetValue(file)!, progress);
                DatasetArguments.SameFormat(table, parsed.GetValue(output)!);
                var evaluation = parsed.GetValue(against)!.Select(Pipeline.Datasets.Tables.Table.Open).ToList();
                counts = new Decontamination(parsed.GetValue(ngram), parsed.GetValue(by) == "prompt").Run(table, evaluation, parsed.GetValue(output)!, log.Add);
            }
            log.Print(counts, parsed.GetValue(output)!, parsed.GetValue(json), terminal);
            return ExitCode.Done;
        });
        return command;
    }
}
