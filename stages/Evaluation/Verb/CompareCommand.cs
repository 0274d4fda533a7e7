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
        var pairs = PairedComparison.Pair(first.Results, second.Results);
        if (pairs.Count == 0) throw new ConfigException(StageErrors.NothingToTrain,
            $"{first.Name} and {second.Name} have no graded problem in common; they were evaluated on different files.");
        double[] means = [.. pairs.Select(pair => pair.First)], others = [.. pairs.Select(pair => pair.Second)];
        var comparison = PairedComparison.Of(means, others);
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(new { first = first.Name, second = second.Name, comparison.Count, comparison.Difference, ci95 = new[] { comparison.Low, comparison.High }, comparison.PValue }, ProtocolJson.Indented));
            return;
        }
        var left = first.Results.Count + second.Results.Count - 2 * pairs.Count;
        output.WriteLine($"{pairs.Count} problems in common{(left > 0 ? $"; {left} are in one of the two only and were left out" : "")}");
        foreach (var (name, side) in new[] { (first.Name, means), (second.Name, others) })
        {
            var interval = Bootstrap.OverPrompts(side);
            output.WriteLine($"  {name,-20}  pass@1 {EvaluationText.Accuracy(new Estimate(interval.Value, interval.Low, interval.High))}");
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {"difference",-20}  {100 * comparison.Difference:+0.0;-0.0;0.0} points ({100 * comparison.Low:+0.0;-0.0;0.0} to {100 * comparison.High:+0.0;-0.0;0.0}), p = {comparison.PValue:0.0000}"));
    }

    /// <param name="Name">The model's name.</param>
    /// <param name="Results">pass@1 of each problem that was graded.</param>
    private sealed record Side(string Name, IReadOnlyList<(string Problem, double PassAt1)> Results)
    {
        public static Side Read(string folder)
        {
            string[] places = [folder, Path.Combine(folder, "evaluation"), Path.Combine(folder, "outputs", "evaluation")];
            var place = Array.Find(places, at => File.Exists(Path.Combine(at, ProblemResult.FileName))) ?? throw new ConfigException(StageErrors.InputMissing,
                $"There is no {ProblemResult.FileName} in {folder}. Give the output folder of an evaluation; one made before it was written must be run again.");
            var report = JsonSerializer.Deserialize<EvaluationReport>(File.ReadAllBytes(Path.Combine(place, EvaluationReport.FileName)), ProtocolJson.Line)!;
            return new Side(report.Name,
                [.. Dataset.Read<ProblemResult>(Path.Combine(place, ProblemResult.FileName)).Where(result => result.Graded > 0).Select(result => (result.ProblemId, result.PassAt1))]);
        }
    }
}
