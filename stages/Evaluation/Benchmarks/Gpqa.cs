using System.Text;
using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Stages.Evaluation.Problems;

namespace Pipeline.Stages.Evaluation.Benchmarks;

/// <summary>
/// GPQA (arXiv:2311.12022): <c>Question</c>, <c>Correct Answer</c> and three <c>Incorrect Answer</c>s. The choices are
/// shuffled by a hash of the question: in the file the right one is always first, and every model must see the same order.
/// </summary>
internal sealed class Gpqa(string instruction) : Benchmark(instruction)
{
    public const string ChooseOne = @"Please reason step by step, and put the letter of your choice within \boxed{}.";

    public override Problem Read(ProblemFields row)
    {
        var question = row.Text("Question").Trim();
        string[] choices = [row.Text("Correct Answer"), row.Text("Incorrect Answer 1"), row.Text("Incorrect Answer 2"), row.Text("Incorrect Answer 3")];
        var seed = Convert.ToUInt64(ProblemId.Of(question), fromBase: 16);
        var order = SeededOrder.Permutation(seed, epoch: 0, choices.Length).ToList();
        var text = new StringBuilder(question).Append('\n');
        foreach (var (place, choice) in order.Index()) text.Append($"\n{Letter(place)}) {choices[choice].Trim()}");
        return Ask("gpqa", text.ToString(), Letter(order.IndexOf(0)), row.Optional("Record ID"),
            level: row.Optional("Writer's Difficulty Estimate"), subject: row.Optional("High-level domain"), ability: "choice");
    }

    private static string Letter(int place) => ((char)('A' + place)).ToString();
}
