using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Tests.Hosting;

public sealed class SeedsTest
{
    [Test]
    public void Of_OtherSeedPurposeOrStep_IsAnotherSeed()
    {
        ulong[] seeds =
        [
            Seeds.Of(1, "rollout", 1), Seeds.Of(1, "rollout", 2), Seeds.Of(1, "order", 1), Seeds.Of(2, "rollout", 1), Seeds.Of(1, "rollou", 1),
        ];
        Assert.That(seeds, Is.Unique);
    }

    [Test]
    public void Of_TheSame_IsTheSameInEveryVersion() =>
        // The number is by an implementation in Python; checkpoints of earlier versions count on it.
        Assert.That(Seeds.Of(1, "rollout", 1), Is.EqualTo(16086824317762426100UL));
}
