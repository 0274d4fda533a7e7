using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Logs;

public class LogsApiTests
{
    [Test]
    public async Task Logs_WithoutAnAttempt_AreOfTheNewest()
    {
        var log = await Served.Get($"runs/{SampleState.Live}/stages/r1_zero/logs");
        Assert.Multiple(() =>
        {
            Assert.That((int)log["attempt"]!, Is.EqualTo(2));
            Assert.That((string)log["text"]!, Does.Contain("resumed from checkpoint step-000050"));
        });
    }

    [Test]
    public async Task Logs_OfAnEarlierAttempt_CanBeAskedFor() =>
        Assert.That((string)(await Served.Get($"runs/{SampleState.Live}/stages/r1_zero/logs?attempt=1"))["text"]!, Does.Contain("step   57/100"));

    [Test]
    public async Task Logs_OfTheErrorStream_CanBeAskedFor() =>
        Assert.That((string)(await Served.Get($"runs/{SampleState.Failed}/stages/r1_zero/logs?stream=stderr"))["text"]!, Does.Contain("OUT_OF_MEMORY"));

    [Test]
    public async Task Logs_BeforeAnOffset_EndThere()
    {
        var end = await Served.Get($"runs/{SampleState.Live}/stages/r1_zero/logs?limit=100");
        var before = await Served.Get($"runs/{SampleState.Live}/stages/r1_zero/logs?limit=100&before={end["start"]}");
        Assert.Multiple(() =>
        {
            Assert.That((long)before["end"]!, Is.EqualTo((long)end["start"]!));
            Assert.That((string)before["text"]!, Does.StartWith("step").And.EndWith("\n"));
        });
    }

    [Test]
    public async Task Search_LooksThroughAllAttempts_InAnyCase()
    {
        var found = await Served.Get($"runs/{SampleState.Live}/stages/r1_zero/logs/search?query=STEP%20%20%20%205");
        Assert.That(found["lines"]!.AsArray().Select(line => ((int)line!["attempt"]!, (string)line["text"]!)), Has.All.Matches<(int, string)>(
            line => line.Item1 == 1 && line.Item2.StartsWith("step    5/")));
    }

    [Test]
    public async Task Search_OfALine_SaysWhereItBegins()
    {
        var line = (await Served.Get($"runs/{SampleState.Failed}/stages/r1_zero/logs/search?query=OUT_OF_MEMORY"))["lines"]![0]!;
        var part = await Served.Get($"runs/{SampleState.Failed}/stages/r1_zero/logs?stream={line["stream"]}&offset={line["offset"]}");
        Assert.That((string)part["text"]!, Does.StartWith((string)line["text"]!));
    }

    [Test]
    public async Task Search_MoreThanWasAskedFor_SaysSo() =>
        Assert.That((bool)(await Served.Get($"runs/{SampleState.Live}/stages/r1_zero/logs/search?query=step&limit=3"))["more"]!);

    [TestCase("r1_zero/logs?offset=1&before=9", 400)]
    [TestCase("r1_zero/logs/search?query=", 400)]
    [TestCase("r1_zero/logs?attempt=3", 404)]
    [TestCase("readable/logs", 404)]
    [TestCase("r1_zero/logs?stream=passwd", 400)]
    [TestCase("r1_zero/logs?offset=-1", 400)]
    [TestCase("r1_zero/logs?limit=0", 400)]
    public async Task Logs_ThatCannotBe_AreRefused(string path, int status) =>
        Assert.That((await Served.Refusal($"runs/{SampleState.Live}/stages/{path}")).Status, Is.EqualTo(status));
}
