using Pipeline.Stages.GenerateData.Sums;

namespace Pipeline.Stages.Tests.GenerateData;

public class SumTraceTests
{
    private static readonly SumProblem s_problem = new([8, 5, 2], Phrases.English); // 8 + 5 = 13, 13 + 2 = 15

    [Test]
    public void Clean_WritesEveryStep() => Assert.That(SumTrace.Clean(s_problem).Tagged,
        Is.EqualTo("<think>a8 plus b5 is 13\n13 plus c2 is 15</think><answer>15</answer>"));

    [Test]
    public void Clean_InSpanish_UsesItsWordsOnly() => Assert.That(SumTrace.Clean(s_problem with { Phrases = Phrases.Spanish }).Untagged,
        Is.EqualTo("a8 mas b5 son 13\n13 mas c2 son 15\n15"));

    [Test]
    public void Wrong_GoesOnFromItsError([Range(1, 20)] int seed)
    {
        var trace = SumTrace.Wrong(s_problem, new Random(seed));
        Assert.That(trace.Answer, Is.Not.EqualTo("15"));
        Assert.That(trace.Lines[^1], Does.EndWith(" is " + trace.Answer));
    }

    [Test]
    public void SelfCorrecting_NoticesAndEndsRight([Range(1, 20)] int seed)
    {
        var trace = SumTrace.SelfCorrecting(s_problem, new Random(seed));
        var corrected = Array.FindIndex([.. trace.Lines], line => line.StartsWith("wait, ", StringComparison.Ordinal));
        Assert.That(trace.Answer, Is.EqualTo("15"));
        Assert.That(corrected, Is.GreaterThan(0), "the line before is the one corrected");
        Assert.That(trace.Lines[corrected - 1], Is.Not.EqualTo(trace.Lines[corrected]["wait, ".Length..]));
    }

    [Test]
    public void Repetitive_SaysOneLineAgain([Range(1, 20)] int seed)
    {
        var trace = SumTrace.Repetitive(s_problem, new Random(seed));
        Assert.That(trace.Lines.Count - trace.Lines.Distinct().Count(), Is.InRange(1, 3));
        Assert.That(trace.Answer, Is.EqualTo("15"));
    }
}
