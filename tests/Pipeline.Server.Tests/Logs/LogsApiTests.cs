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

    [TestCase("r1_zero/logs?attempt=3", 404)]
    [TestCase("readable/logs", 404)]
    [TestCase("r1_zero/logs?stream=passwd", 400)]
    [TestCase("r1_zero/logs?offset=-1", 400)]
    [TestCase("r1_zero/logs?limit=0", 400)]
    public async Task Logs_ThatCannotBe_AreRefused(string path, int status) =>
        Assert.That((await Served.Refusal($"runs/{SampleState.Live}/stages/{path}")).Status, Is.EqualTo(status));
}
