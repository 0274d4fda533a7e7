using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Stages;

public class StageApiTests
{
    [Test]
    public async Task Stage_WithALostJob_HasItsAttemptsCheckpointsAndAlarms()
    {
        var page = await Served.Get($"runs/{SampleState.Live}/stages/r1_zero");
        Assert.Multiple(() =>
        {
            Assert.That(page["stage"]!["attempts"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That((long)page["checkpoints"]![0]!["step"]!, Is.EqualTo(50));
            Assert.That(page["checkpoints"]![0]!["bytes"], Is.Null, "its folder is not there any more");
            Assert.That((string)page["alarms"]![0]!["code"]!, Is.EqualTo("NO_SPREAD"));
            Assert.That((long)page["options"]!["steps"]!, Is.EqualTo(100));
            Assert.That(((string)page["inputs"]![0]!["stage"]!, (string)page["inputs"]![0]!["output"]!), Is.EqualTo(("base", "model")));
        });
    }

    [Test]
    public async Task Stage_TakenFromTheCache_NamesItsSource()
    {
        var source = (await Served.Get($"runs/{SampleState.Live}/stages/base"))["source"]!;
        Assert.That(((string)source["run"]!, (string)source["instance"]!, (int)source["attempt"]!), Is.EqualTo((SampleState.Finished, "base", 1)));
    }

    [Test]
    public async Task Stage_ThatTheRunDoesNotHave_IsNotFound() =>
        Assert.That(await Served.Refusal($"runs/{SampleState.Live}/stages/nope"), Is.EqualTo((404, ServerErrors.NotFound)));
}
