using System.Text.Json.Nodes;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Runs;

public class RunsApiTests
{
    [Test]
    public async Task Runs_AreNewestFirst() =>
        Assert.That(Names(await Served.Get("runs")), Is.EqualTo(new[] { SampleState.Live, SampleState.Finished, SampleState.Failed }));

    [Test]
    public async Task Runs_PageByPage_GoOnWhereTheLastEnded() =>
        Assert.That(Names(await Served.Get($"runs?limit=1&before={SampleState.Live}")), Is.EqualTo(new[] { SampleState.Finished }));

    [TestCase("state=failed", SampleState.Failed)]
    [TestCase("query=KQFZ", SampleState.Finished)]
    [TestCase("query=quick&state=running", SampleState.Live)]
    public async Task Runs_Filtered_AreThoseThatAreMeant(string filter, string expected) =>
        Assert.That(Names(await Served.Get($"runs?{filter}")), Is.EqualTo(new[] { expected }));

    [TestCase("query=nothing")]
    [TestCase("query=quick&state=cancelled")]
    public async Task Runs_FilteredWithoutMatch_AreNone(string filter) => Assert.That(Names(await Served.Get($"runs?{filter}")), Is.Empty);

    [Test]
    public async Task Runs_InAStateThatThereIsNot_IsABadRequest() =>
        Assert.That(await Served.Refusal("runs?state=asleep"), Is.EqualTo((400, ServerErrors.QueryInvalid)));

    [Test]
    public async Task Run_AtWork_SaysHowFarItIs()
    {
        var run = await Served.Get("runs/latest");
        var stage = Stage(run, "r1_zero");
        Assert.Multiple(() =>
        {
            Assert.That((string)run["line"]!["state"]!, Is.EqualTo("running"));
            Assert.That((string)stage["state"]!, Is.EqualTo("active"));
            Assert.That((long)stage["progress"]!["step"]!, Is.EqualTo(83));
            Assert.That((double)stage["progress"]!["eta_seconds"]!, Is.EqualTo(13));
            // 21 stages: data and base cached, evaluate_base done, r1_zero at 83 of 100.
            Assert.That((double)run["line"]!["progress"]!, Is.EqualTo(3.83 / 21).Within(1e-9));
        });
    }

    [Test]
    public async Task Run_WithALostJob_TellsBothAttempts()
    {
        var attempts = Stage(await Served.Get("runs/latest"), "r1_zero")["attempts"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(attempts, Has.Count.EqualTo(2));
            Assert.That((string)attempts[0]!["class"]!, Is.EqualTo("node_failure"));
            Assert.That((long)attempts[1]!["resume_step"]!, Is.EqualTo(50));
        });
    }

    [Test]
    public async Task Run_ThatFailed_SaysWhereAndWhy()
    {
        var run = await Served.Get($"runs/{SampleState.Failed}");
        Assert.Multiple(() =>
        {
            Assert.That((string)Stage(run, "r1_zero")["reason"]!, Does.Contain("memory limit"));
            Assert.That((string)Stage(run, "readable")["state"]!, Is.EqualTo("blocked"));
            Assert.That((string)run["alarms"]![0]!["code"]!, Is.EqualTo("LENGTH_EXPLOSION"));
        });
    }

    [Test]
    public async Task Run_ThatSucceeded_NamesItsBestModel()
    {
        var key = (await Served.Get($"runs/{SampleState.Finished}"))["line"]!["key"]!;
        Assert.That(((string)key["model"]!, (double)key["value"]!), Is.EqualTo(("R1", 0.836)));
    }

    [Test]
    public async Task Run_ByTheEndOfItsId_IsFound() =>
        Assert.That((string)(await Served.Get("runs/kqfz"))["line"]!["run"]!, Is.EqualTo(SampleState.Finished));

    private static string[] Names(JsonNode runs) => [.. runs.AsArray().Select(run => (string)run!["run"]!)];

    private static JsonNode Stage(JsonNode run, string instance) =>
        run["stages"]!.AsArray().Single(stage => (string)stage!["instance"]! == instance)!;
}
