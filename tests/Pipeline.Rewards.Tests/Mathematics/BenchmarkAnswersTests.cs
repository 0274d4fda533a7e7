using Pipeline.Rewards.Answers;

namespace Pipeline.Rewards.Tests.Mathematics;

/// <summary>The ground truths of two benchmarks. A reward that does not understand one of them teaches that right is wrong.</summary>
public class BenchmarkAnswersTests
{
    [TestCase("math-500.txt", 500)]
    [TestCase("gsm8k.txt", 8_792)]
    public void Matches_GroundTruth_IsItselfAndItselfRespelled(string file, int count)
    {
        var answers = AnswerPairs.Lines(Path.Combine("Answers", file));
        Assert.That(answers, Has.Length.EqualTo(count));
        Assert.That(answers.Where(answer => MathAnswer.Parse(answer) is null), Is.Empty, "not understood");
        var missed = from answer in answers.Distinct()
                     let gold = MathAnswer.Parse(answer)!
                     from respelled in Respelling.All.Select(respell => respell(answer)).Distinct().Prepend(answer)
                     where MathAnswer.Parse(respelled)?.Answers(gold) != true || gold.Answers(MathAnswer.Parse(respelled)!) != true
                     select (answer, respelled);
        Assert.That(missed, Is.Empty);
    }

    [Test]
    public void Matches_AnswersOfMath500_TellsDifferentOnesApart()
    {
        // 250 different texts; those that agree do so because they say the same, and there are few enough to say which.
        var answers = AnswerPairs.Lines(Path.Combine("Answers", "math-500.txt")).Distinct().Select(text => (Text: text, Answer: MathAnswer.Parse(text)!)).ToList();
        var same = from left in answers
                   from right in answers
                   where string.CompareOrdinal(left.Text, right.Text) < 0 && left.Answer.Matches(right.Answer) == true
                   select $"{left.Text} :: {right.Text}";
        Assert.That(same, Is.EquivalentTo(AnswerPairs.Of("math-500-same.txt").Select(pair => $"{pair.Left} :: {pair.Right}")));
    }
}
