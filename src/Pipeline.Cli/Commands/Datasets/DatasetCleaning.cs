using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Cleaning;
using Pipeline.Datasets.Tables;

namespace Pipeline.Cli.Commands.Datasets;

/// <summary>What commands share that copy a dataset without some of its rows.</summary>
internal sealed class DatasetCleaning
{
    private readonly Argument<string> _file = DatasetArguments.File();
    private readonly Option<string> _output = DatasetArguments.Output();
    private readonly Option<string?> _removed = new("--removed") { Description = "Write what was taken out and why, as .jsonl.", HelpName = "FILE" };
    private readonly Option<bool> _json = SharedOptions.Json();
    private readonly Option<string> _by;

    /// <param name="command">Gets the arguments.</param>
    /// <param name="own">The options of this command alone.</param>
    /// <param name="by">What is compared if nothing is said: prompt or row.</param>
    public DatasetCleaning(Command command, Option[] own, string by)
    {
        _by = DatasetArguments.By(by);
        command.Arguments.Add(_file);
        foreach (var option in (Option[])[_output, .. own, _by, _removed, _json]) command.Options.Add(option);
    }

    /// <summary>Cleans, and tells what became of the rows.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where it is told.</param>
    /// <param name="clean">Given the dataset, whether prompts are compared, the file to write and who notes what is taken out.</param>
    public int Run(ParseResult parsed, Terminal terminal, Func<Table, bool, string, Action<Removal>, CleaningCounts> clean)
    {
        using var log = new RemovalLog(parsed.GetValue(_removed));
        var output = parsed.GetValue(_output)!;
        CleaningCounts counts;
        using (var progress = new ProgressLine(terminal, "comparing", TimeProvider.System))
        {
            var table = DatasetArguments.Open(parsed.GetValue(_file)!, progress);
            DatasetArguments.SameFormat(table, output);
            counts = clean(table, parsed.GetValue(_by) == "prompt", output, log.Add);
        }
        log.Publish();
        log.Print(counts, output, parsed.GetValue(_json), terminal);
        return ExitCode.Done;
    }
}
