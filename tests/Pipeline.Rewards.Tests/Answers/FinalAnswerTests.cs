using Pipeline.Protocol.Options;
using Pipeline.Rewards.Answers;

namespace Pipeline.Rewards.Tests.Answers;

public class FinalAnswerTests
{
    [TestCase("<think>x</think><answer> 42 </answer>", "42")]
    [TestCase("<answer>1</answer> no: <answer>2</answer>", "2", Description = "the last one counts")]
    [TestCase("<think>try <answer>1</answer></think>so <answer>2</answer>", "2")]
    [TestCase("<think>try <answer>1</answer></think>so it is 2", null, Description = "an answer within the thought is no answer")]
    [TestCase(@"<answer>\boxed{7}</answer>", "7")]
    [TestCase(@"so \boxed{\frac{1}{2}} it is", @"\frac{1}{2}", Description = "nested braces")]
    [TestCase(@"\boxed{1} or \boxed{a_{b_{c}}}", "a_{b_{c}}")]
    [TestCase(@"\boxed{3} and then \boxed{4", "3", Description = "a torn box is not an answer")]
    [TestCase(@"<think>\boxed{3}", null, Description = "thought cut off: its boxes are intermediate results")]
    [TestCase(@"<think>\boxed{3}</think> \boxed{4}", "4")]
    [TestCase("<answer>  </answer>", null)]
    [TestCase("<answer>5", null, Description = "cut off")]
    [TestCase("5</answer>", null)]
    [TestCase("", null)]
    [TestCase("So the answer is 3.5. Is it?", "3.5", Description = "to the end of the sentence")]
    [TestCase("The answer is 4\n**The final answer is:** $\\frac12$.\nGood.", @"$\frac12$", Description = "the last one, to the end of the line")]
    [TestCase(@"\boxed{7}, so the answer is 8", "7", Description = "a box is meant to be read by machines")]
    [TestCase("<think>the answer is 3</think>4", null)]
    public void Find_AnyForm_TakesTheLastAnswerOutsideOfTheThought(string text, string? answer) =>
        Assert.That(FinalAnswer.Find(text, AnswerForm.Any), Is.EqualTo(answer));

    [Test]
    public void Find_OneFormAskedFor_IgnoresTheOther()
    {
        Assert.That(FinalAnswer.Find(@"\boxed{1}", AnswerForm.Tags), Is.Null);
        Assert.That(FinalAnswer.Find("the answer is 1", AnswerForm.Tags), Is.Null);
        Assert.That(FinalAnswer.Find("the answer is 1", AnswerForm.Boxed), Is.Null);
        Assert.That(FinalAnswer.Find(@"\boxed{1} <answer>2</answer>", AnswerForm.Boxed), Is.EqualTo("1"));
    }

    [Test]
    public void Find_ManyTornBoxes_TakesOnePass()
    {
        // Looking for each box's end by itself would read n^2 / 2 * 7 characters: 35 thousand million here.
        var text = string.Concat(Enumerable.Repeat(@"\boxed{", 100_000));
        Assert.That(FinalAnswer.Find(text, AnswerForm.Boxed), Is.Null);
        Assert.That(FinalAnswer.Find(text + "1}}", AnswerForm.Boxed), Is.EqualTo("1"));
    }
}
