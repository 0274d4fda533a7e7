using System.Diagnostics;
using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Tests;

public class FormatTests
{
    [TestCase("<think>a</think><answer>b</answer>", true)]
    [TestCase(" <think>a\nb</think>\n<answer>c</answer>\n", true)]
    [TestCase("<think></think><answer>b</answer>", false, Description = "tags alone")]
    [TestCase("<think>a</think><answer> </answer>", false)]
    [TestCase("<think>a</think>", false)]
    [TestCase("<think>a</think>b<answer>c</answer>", false)]
    [TestCase("<think>a</think><answer>b</answer>c", false)]
    [TestCase("x<think>a</think><answer>b</answer>", false)]
    [TestCase("<think>a<think>b</think><answer>c</answer>", false, Description = "a tag twice")]
    [TestCase("<think>a<answer>b</think><answer>c</answer>", false, Description = "a tag inside")]
    [TestCase("<think>a</think><answer>b</think></answer>", false)]
    [TestCase("<think>a</think><answer>b</answer></answer>", false)]
    [TestCase("<answer>b</answer><think>a</think>", false, Description = "the other order")]
    [TestCase("</think><think>a<answer>b</answer>", false)]
    [TestCase("", false)]
    public void R1Zero_Text_HoldsForOneOfEachTagAroundSomething(string text, bool holds) =>
        Assert.That(Format.Of(FormatProfile.R1Zero).Holds(text), Is.EqualTo(holds));

    [TestCase("<think>a</think>b", true)]
    [TestCase("<think>\n\n</think>\n\nHello!", true, Description = "a trivial request needs no thought")]
    [TestCase("<think>a</think> ", false)]
    [TestCase("<think>a", false)]
    [TestCase("b", false)]
    [TestCase("<think>a</think>b</think>c", false)]
    [TestCase("<think>a</think>b<think>", false)]
    public void R1_Text_HoldsForAThoughtAndAnAnswer(string text, bool holds) =>
        Assert.That(Format.Of(FormatProfile.R1).Holds(text), Is.EqualTo(holds));

    [Test]
    public void Score_TemplateOpenedTheThought_LooksAtPrefillAndCompletion() =>
        Assert.That(Format.Of(FormatProfile.R1).Score(Completions.Of("a</think>b", prefill: "<think>\n")).Value, Is.EqualTo(1));

    [Test]
    public void Pattern_PartOfTheTextMatches_IsNotEnough()
    {
        var format = Format.Of("a|ab");
        Assert.That(format.Holds("ab"), Is.True);
        Assert.That(format.Holds("abc"), Is.False);
        Assert.That(Format.Of("a.b").Holds("a\nb"), Is.True, "a dot matches line breaks");
    }

    [Test]
    public void Pattern_CatastrophicForABacktracker_TakesLinearTime()
    {
        // A backtracking engine tries 2^50,000 ways to split the letters before it gives up.
        var clock = Stopwatch.StartNew();
        Assert.That(Format.Of("(a+)+").Holds(new string('a', 50_000) + "!"), Is.False);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [TestCase("(", TestName = "not a regular expression")]
    [TestCase("(?=a)b", TestName = "look-ahead")]
    [TestCase(@"(a)\1", TestName = "back reference")]
    public void Pattern_NotUsable_IsNamed(string pattern)
    {
        var error = Assert.Throws<RewardException>(() => Format.Of(pattern))!;
        Assert.That(error.Code, Is.EqualTo(RewardException.Pattern));
        Assert.That(error.Message, Does.Contain(pattern));
    }
}
