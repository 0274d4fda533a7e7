using System.Text.Json.Nodes;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Timeline;

public class TimelineApiTests
{
    [Test]
    public async Task Timeline_OfALostJob_CountsWhatItsCheckpointKept()
    {
        // Attempt 1 saved after 41 s (and what evaluate_base took before) and died 8 s later; 5 s after that attempt 2 was launched.
        var spans = Stage(await Served.Get($"runs/{SampleState.Live}/timeline"), "r1_zero")["spans"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(Seconds(spans, attempt: 1, "lost"), Is.EqualTo(8).Within(0.001));
            Assert.That(Seconds(spans, attempt: 2, "waiting"), Is.EqualTo(5).Within(0.001));
            Assert.That(Seconds(spans, attempt: 1, "working"), Is.GreaterThanOrEqualTo(41));
            Assert.That(Seconds(spans, attempt: 2, "lost"), Is.Zero);
        });
    }

    [Test]
    public async Task Timeline_OfAFinishedRun_HasLostNothing()
    {
        var totals = (await Served.Get($"runs/{SampleState.Finished}/timeline"))["totals"]!;
        Assert.That(((double)totals["lost"]!, (double)totals["waiting"]!), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Timeline_ShowsCheckpoints() =>
        Assert.That(Stage(await Served.Get($"runs/{SampleState.Live}/timeline"), "r1_zero")["checkpoints"]!.AsArray(), Has.Count.EqualTo(1));

    private static JsonNode Stage(JsonNode timeline, string instance) =>
        timeline["stages"]!.AsArray().Single(stage => (string)stage!["instance"]! == instance)!;

    private static double Seconds(JsonArray spans, int attempt, string kind) => spans
        .Where(span => (int)span!["attempt"]! == attempt && (string)span["kind"]! == kind)
        .Sum(span => (DateTimeOffset.Parse((string)span!["to"]!) - DateTimeOffset.Parse((string)span["from"]!)).TotalSeconds);
}
