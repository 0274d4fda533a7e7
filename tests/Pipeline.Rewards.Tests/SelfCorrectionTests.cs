namespace Pipeline.Rewards.Tests;

public class SelfCorrectionTests
{
    private static readonly SelfCorrection s_correction = new(["wait", "espera"]);

    [TestCase("2 plus 3 is 6\nwait 2 plus 3 is 5", true, Description = "the same step with another result")]
    [TestCase("So 2 + 3 = 6. Wait, that is wrong. 2 + 3 = 5.", true, Description = "the word in a statement of its own")]
    [TestCase("The total is 12. Wait! The total is 13.", true)]
    [TestCase("<think>2 mas 3 son 6\nespera 2 mas 3 son 5</think><answer>5</answer>", true)]
    [TestCase("2 plus 3 is 5\nwait 2 plus 3 is 5", false, Description = "checked, and found right")]
    [TestCase("2 plus 3 is 5\nwait 5 plus 4 is 9", false, Description = "the word before another step")]
    [TestCase("2 plus 3 is 6\n2 plus 3 is 5", false, Description = "no word of reflection")]
    [TestCase("2 plus 3 is 6\nwait", false, Description = "nothing after it")]
    [TestCase("wait 2 plus 3 is 5", false, Description = "nothing before it")]
    public void SelfCorrection_Text_NeedsAStepStatedAgainWithAnotherResult(string text, bool corrects) =>
        Assert.That(s_correction.IsIn(text), Is.EqualTo(corrects));
}
