using Pipeline.Stages.GenerateData.Sums;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Tests.GenerateData;

public class SumProblemsTests
{
    [Test]
    public void Splits_ShareNoUnorderedProblem()
    {
        var problems = new SumProblems(minTerms: 3, maxTerms: 4, heldOut: 0.2);
        var random = new Random(1);

        var heldOut = problems.ForEvaluation(60, random).Select(Unordered).ToHashSet();
        var training = Enumerable.Range(0, 20_000).Select(_ => Unordered(problems.ForTraining(random))).ToHashSet();

        Assert.That(heldOut, Has.Count.EqualTo(60), "no two evaluation prompts pose the same problem");
        Assert.That(training.Intersect(heldOut), Is.Empty);
        // 3 terms: C(11,3) = 165 multisets, 4 terms: C(12,4) = 495. About 80 % of the 660 are for training, and 20,000 draws find nearly all.
        Assert.That(training, Has.Count.InRange(450, 600));
    }

    [Test]
    public void Id_PermutedAndTranslated_IsTheSame()
    {
        var english = new SumProblem([8, 5, 2], Phrases.English);
        var spanish = new SumProblem([2, 8, 5], Phrases.Spanish);
        Assert.That(spanish.Id, Is.EqualTo(english.Id));
        Assert.That(new SumProblem([8, 5, 3], Phrases.English).Id, Is.Not.EqualTo(english.Id));
    }

    [Test]
    public void ForEvaluation_MoreThanThereAre_SaysSo()
    {
        var problems = new SumProblems(minTerms: 2, maxTerms: 2, heldOut: 0.1); // C(10,2) = 45 multisets in all
        Assert.That(() => problems.ForEvaluation(46, new Random(1)),
            Throws.TypeOf<ConfigException>().With.Message.Contains("evaluation_rows asks for 46"));
    }

    private static string Unordered(SumProblem problem) => string.Join(' ', problem.Terms.Order());
}
