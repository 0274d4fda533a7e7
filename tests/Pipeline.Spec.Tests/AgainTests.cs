using Pipeline.Spec.Fingerprints;

namespace Pipeline.Spec.Tests;

/// <summary>A pipeline resolved again from its own text.</summary>
public sealed class AgainTests
{
    [Test]
    public void Again_WithoutChanges_IsTheSame()
    {
        var before = ResolvedPipelineTests.Good(new Overrides { Profile = "smoke", Params = ["kl=0.5", "language=es"], Sets = ["stages.base.with.steps=9"] });
        var again = PipelineFile.Again(before, Overrides.None).Pipeline!;
        Assert.That(StageChange.Between(before, again), Is.Empty);
        Assert.That(again.Overrides, Is.EqualTo(before.Overrides));
    }

    [Test]
    public void Again_WithChanges_TellsThem_AndWhichStagesWouldMakeOthers()
    {
        var before = ResolvedPipelineTests.Good(new Overrides { Params = ["kl=0.5"] });
        var again = PipelineFile.Again(before, new Overrides { Params = ["kl=0.25"], Sets = ["stages.base.retry.limit=7"] });
        Assert.That(again.Errors, Is.Empty);
        var changes = StageChange.Between(before, again.Pipeline!).ToDictionary(change => change.Instance);
        Assert.That(changes["reasoning_rl"].Differences, Is.EqualTo(new[] { "with.kl_coefficient 0.5 -> 0.25" }));
        Assert.That(changes["base"].Differences, Is.EqualTo(new[] { "retry.limit 2 -> 7" }));
        Assert.That((changes["reasoning_rl"].MakesOthers, changes["base"].MakesOthers), Is.EqualTo((true, false)));
        Assert.That(again.Pipeline!.Overrides, Is.EqualTo(new[] { "-p kl=0.5", "-p kl=0.25", "--set stages.base.retry.limit=7" }));
    }

    [Test]
    public void Again_WithAMistake_SaysWhere() =>
        Assert.That(PipelineFile.Again(ResolvedPipelineTests.Good(), new Overrides { Sets = ["stages.bose.with.steps=1"] }).Errors.Single().Message,
            Is.EqualTo("There is no stage 'bose' to set; did you mean 'base'?"));
}
