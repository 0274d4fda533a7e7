using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Datasets.Parquet;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Rewards.Statistics;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Evaluation.Verb;

/// <summary><c>evaluate compare A B</c>: two evaluations of the same problems, problem by problem. Nothing is run again.</summary>
internal static class CompareCommand
{
    public static Command Create(TextWriter output)
    {
        var command = new Command("compare", "Compare two evaluations problem by problem: difference, 95 % interval, p-value.");
        var first = new Argument<string>("first") { Description = "Output folder of an evaluation." };
        var second = new Argument<string>("second") { Description = "That of another model on the same problems." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        command.Arguments.Add(first);
        command.Arguments.Add(second);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            Compare(Side.Read(parsed.GetValue(first)!), Side.Read(parsed.GetValue(second)!), parsed.GetValue(json), output);
            return 0;
        });
        return command;
    }

    private static void Compare(Side first, Side second, bool asJson, TextWriter output)
    {
        var common = first.Results.Keys.Where(second.Results.ContainsKey).ToList();
        if (common.Count == 0) throw new ConfigException(StageErrors.NothingToTrain,
            $"{first.Name} and {second.Name} have no graded problem in common; they were evaluated on different files.");
        double[] Means(Side side) => [.. common.Select(problem => side.Results[problem])];
        var comparison = PairedComparison.Of(Means(first), Means(second));
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(new { first = first.Name, second = second.Name, comparison.Count, comparison.Difference, ci95 = new[] { comparison.Low, comparison.High }, comparison.PValue }, ProtocolJson.Indented));
            return;
        }
        var left = first.Results.Count + second.Results.Count - 2 * common.Count;
        output.WriteLine($"{common.Count} problems in common{(left > 0 ? $"; {left} are in one of the two only and were left out" : "")}");
        foreach (var side in (Side[])[first, second])
        {
            var interval = Bootstrap.OverPrompts(Means(side));
            output.WriteLine($"  {side.Name,-20}  pass@1 {EvaluationText.Accuracy(new Estimate(interval.Value, interval.Low, interval.High))}");
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {"difference",-20}  {100 * comparison.Difference:+0.0;-0.0;0.0} points ({100 * comparison.Low:+0.0;-0.0;0.0} to {100 * comparison.High:+0.0;-0.0;0.0}), p = {comparison.PValue:0.0000}"));
    }

    /// <param name="Name">The model's name.</param>
    /// <param name="Results">pass@1 of each problem that was graded. A problem that occurs twice is told apart by its turn.</param>
    private sealed record Side(string Name, IReadOnlyDictionary<(string Problem, int Turn), double> Results)
    {
        public static Side Read(string folder)
        {
            string[] places = [folder, Path.Combine(folder, "evaluation"), Path.Combine(folder, "outputs", "evaluation")];
            var place = Array.Find(places, at => File.Exists(Path.Combine(at, ProblemResult.FileName))) ?? throw new ConfigException(StageErrors.InputMissing,
                $"There is no {ProblemResult.FileName} in {folder}. Give the output folder of an evaluation; one made before it was written must be run again.");
            var report = JsonSerializer.Deserialize<EvaluationReport>(File.ReadAllBytes(Path.Combine(place, EvaluationReport.FileName)), ProtocolJson.Line)!;
            var turns = new Dictionary<string, int>();
            var results = new Dictionary<(string, int), double>();
            foreach (var result in Dataset.Read<ProblemResult>(Path.Combine(place, ProblemResult.FileName)))
            {
                var turn = turns[result.ProblemId] = turns.GetValueOrDefault(result.ProblemId) + 1;
                if (result.Graded > 0) results[(result.ProblemId, turn)] = result.PassAt1;
            }
            return new Side(report.Name, results);
        }
    }
}
