using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Cleaning;
using Pipeline.Datasets.Tables;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary><c>pipeline dataset decontaminate FILE --against EVAL -o OUT</c>: nothing that models are evaluated on.</summary>
internal static class DatasetDecontaminate
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("decontaminate", "Take out rows that share so many words in a row with a prompt of an evaluation dataset.");
        var against = new Option<string[]>("--against") { Description = "An evaluation dataset, of any format; may be repeated.", HelpName = "FILE", Required = true };
        var ngram = new Option<int>("--ngram")
        {
            Description = "Words in a row: 10 as in DeepSeekMath, 13 as in GPT-3, 8 as in open-r1.", HelpName = "N", DefaultValueFactory = _ => 10,
        };
        ngram.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 3) result.AddError("--ngram takes at least 3 words.");
        });
        var cleaning = new DatasetCleaning(command, [against, ngram], by: "prompt");
        command.SetAction(parsed => cleaning.Run(parsed, terminal, (table, byPrompt, output, note) =>
            new Decontamination(parsed.GetValue(ngram), byPrompt).Run(table, [.. parsed.GetValue(against)!.Select(Table.Open)], output, note)));
        return command;
    }
}
