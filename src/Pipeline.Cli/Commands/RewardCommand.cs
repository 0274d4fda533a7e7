using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Rewarding;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Spec;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline reward NAME</c>: scores completions of a file as a stage would, without training.</summary>
internal static class RewardCommand
{
    private const int MaxProblems = 20;

    public static Command Create(Terminal terminal)
    {
        var command = new Command("reward", "Score the completions of a file with one reward, as a stage would.");
        var name = new Argument<string>("NAME") { Description = "The reward as pipeline files name it, such as accuracy, code, format, repetition." };
        var input = new Option<string>("--input", "-i") { Description = "Completions, as .jsonl or .parquet.", HelpName = "FILE", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "Where rows with score and outcome are written, as .jsonl or .parquet.", HelpName = "FILE", Required = true };
        var with = new Option<string[]>("--with") { Description = "A setting of the reward, such as profile=r1; may be repeated.", HelpName = "key=value" };
        var json = SharedOptions.Json();
        command.Arguments.Add(name);
        foreach (var option in (Option[])[input, output, with, json]) command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var reward = RewardText.Read(parsed.GetValue(name)!, parsed.GetValue(with) ?? []);
            foreach (var error in reward.Errors) terminal.Error.WriteLine(Printable.Of(error.ToString()));
            if (reward.Term is not { } term) return ExitCode.Usage;
            var rows = CompletionFile.Read(parsed.GetValue(input)!);
            var problems = rows.Where(row => row.Row.Problem is not null).Select(row => (row.Number, row.Row.Problem!)).ToList();
            var scored = await Score(term, [.. rows.Where(row => row.Row.Input is not null).Select(row => (row.Number, row.Row.Input!))], cancellation);
            Tell(problems, terminal);
            if (scored.Count == 0) throw new CliException("REWARD_INPUT", $"There is no row to score in {parsed.GetValue(input)}.", ExitCode.Usage);
            ScoredRow.WriteAll(parsed.GetValue(output)!, scored);
            if (parsed.GetValue(json)) Json.Write(terminal, Counts(scored, problems.Count));
            else Print(Counts(scored, problems.Count), terminal);
            return problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<List<ScoredRow>> Score(RewardTerm term, IReadOnlyList<(int Number, RewardInput Input)> rows, CancellationToken cancellation)
    {
        try
        {
            var scores = await ParallelScoring.Score(term, [.. rows.Select(row => row.Input)], cancellation);
            return [.. rows.Zip(scores, (row, score) => new ScoredRow(row.Number, row.Input.Prompt, row.Input.Completion, row.Input.GroundTruth,
                score.Outcome == RewardOutcome.NotApplicable || double.IsNaN(score.Value) ? null : score.Value, Json.Word(score.Outcome), score.Answer))];
        }
        catch (RewardException error) { throw new CliException(error.Code, error.Message, ExitCode.Usage); }
    }

    private static void Tell(List<(int Number, string Problem)> problems, Terminal terminal)
    {
        foreach (var (number, problem) in problems.Take(MaxProblems)) terminal.Error.WriteLine(Printable.Line($"row {number} {problem}; it is left out."));
        if (problems.Count > MaxProblems) terminal.Error.WriteLine($"So are {problems.Count - MaxProblems} more.");
    }

    private static RewardCounts Counts(List<ScoredRow> rows, int unreadable) => new(
        rows.Count, unreadable, rows.Select(row => row.Score).OfType<double>().Select(score => (double?)score).Average(),
        rows.GroupBy(row => row.Outcome).ToDictionary(group => group.Key, group => group.Count()));

    private static void Print(RewardCounts counts, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.None).AddColumns(new TableColumn("outcome"), new TableColumn("rows").RightAligned(), new TableColumn("share").RightAligned());
        foreach (var (outcome, count) in counts.Outcomes.OrderByDescending(outcome => outcome.Value).ThenBy(outcome => outcome.Key, StringComparer.Ordinal))
            table.AddRow(new Text(outcome), new Text($"{count}"), new Text($"{100.0 * count / counts.Rows:F1} %"));
        terminal.Ansi.Write(table);
        terminal.Out.WriteLine(counts.MeanScore is { } mean ? $"{counts.Rows} rows, mean score {mean:F3}." : $"{counts.Rows} rows, none with a score.");
    }

    /// <summary>What became of the rows.</summary>
    /// <param name="Rows">Those that were scored.</param>
    /// <param name="Unreadable">Those that were left out.</param>
    /// <param name="MeanScore">Over the rows that have a score; null if none has.</param>
    /// <param name="Outcomes">Rows by outcome.</param>
    private sealed record RewardCounts(int Rows, int Unreadable, double? MeanScore, IReadOnlyDictionary<string, int> Outcomes);
}
