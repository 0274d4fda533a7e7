using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Tests.Answers;

/// <summary>What counts as the same answer, seen through the accuracy reward.</summary>
public class MathAnswerTests
{
    [TestCase("0.5", "1/2")]
    [TestCase(@"\frac12", "1/2")]
    [TestCase(@"\frac{1}{2}", "0.50")]
    [TestCase(@"\dfrac{3}{6}", @"\tfrac{1}{2}")]
    [TestCase(@"\frac1{2}", ".5")]
    [TestCase("50%", "1/2")]
    [TestCase(@"50\%", "0.5")]
    [TestCase("1,000", "1000")]
    [TestCase("1{,}234{,}567.50", "1234567.5")]
    [TestCase("\u22125", "-5", Description = "unicode minus")]
    [TestCase(@"-\frac{1}{2}", @"\frac{-1}{2}")]
    [TestCase(@"1\frac{1}{2}", "3/2", Description = "a mixed number")]
    [TestCase(@"\frac{\frac{1}{2}}{3}", "1/6")]
    [TestCase("$ 42 $", "42.")]
    [TestCase(@"\(7\)", "+7")]
    [TestCase(@"\$12.00", "12")]
    [TestCase("007", "7")]
    [TestCase("0", "-0")]
    [TestCase("0.1", "1/10", Description = "exact: a double would not do")]
    [TestCase("12345678901234567890123", "12345678901234567890123.0")]
    [TestCase("{42}", "42")]
    [TestCase(@"\text{Yes}", "yes")]
    [TestCase("x + 1", "x+1")]
    [TestCase("(1, 2)", "(1,2)")]
    [TestCase("1e3", "1000", Description = "as programs print numbers")]
    [TestCase("x+1", "1+x")]
    public void Accuracy_SameAnswerWrittenOtherwise_IsRight(string answer, string truth)
    {
        Assert.That(Score(answer, truth).Value, Is.EqualTo(1));
        Assert.That(Score(truth, answer).Value, Is.EqualTo(1), "and the other way round");
    }

    [TestCase("1 2", "12", Description = "two numbers are not one")]
    [TestCase("1 1/2", "11/2", Description = "nor is a mixed number an improper one")]
    [TestCase("1,00", "100", Description = "a comma in the wrong place is a pair")]
    [TestCase("0.3333", "1/3", Description = "rounding is not equality")]
    [TestCase("5", "-5")]
    [TestCase("50", "50%")]
    [TestCase("1/0", "1")]
    [TestCase(@"\frac{1}{0}", "0")]
    [TestCase("12", "12.0000001")]
    [TestCase("--5", "5")]
    public void Accuracy_OtherAnswer_IsWrong(string answer, string truth) =>
        Assert.That(Score(answer, truth).Value, Is.Zero);

    [Test]
    public void Accuracy_AnswerOfAMillionDigits_IsNotReadAtAll() =>
        Assert.That(Score(new string('9', 1_000_000), "9").Outcome, Is.EqualTo(RewardOutcome.AnswerUnparsable));

    [Test]
    public void Accuracy_AnswerOfDeeplyNestedFractions_IsNotReadAtAll() =>
        Assert.That(Score(string.Concat(Enumerable.Repeat(@"\frac{", 50_000)) + "1" + new string('}', 50_000), "1").Outcome,
            Is.EqualTo(RewardOutcome.AnswerUnparsable));

    private static RewardScore Score(string answer, string truth) =>
        new Accuracy(AnswerForm.Tags).Score(Completions.Of($"<answer>{answer}</answer>", truth));
}
