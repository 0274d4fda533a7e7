using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Rollouts;

public class RolloutsApiTests
{
    [Test]
    public async Task Rollouts_OfAStep_AreGroupedByPrompt()
    {
        var groups = (await Served.Get($"runs/{SampleState.Live}/stages/r1_zero/rollouts/80"))["groups"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(groups, Has.Count.EqualTo(3));
            Assert.That(groups[0]!["completions"]!.AsArray(), Has.Count.EqualTo(4));
            Assert.That((double)groups[0]!["completions"]![2]!["rewards"]!["accuracy"]!, Is.Zero);
        });
    }

    [Test]
    public async Task Rollouts_StepsThatWereKept_AreListed() =>
        Assert.That((await Served.Get($"runs/{SampleState.Finished}/stages/r1/rollouts")).AsArray().Select(step => (long)step!), Is.EqualTo(new long[] { 60 }));

    [Test]
    public async Task Rollouts_OfAStepWithoutAny_AreNotFound() =>
        Assert.That((await Served.Refusal($"runs/{SampleState.Live}/stages/r1_zero/rollouts/81")).Code, Is.EqualTo(ServerErrors.NotFound));
}
