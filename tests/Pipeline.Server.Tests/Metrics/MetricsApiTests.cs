using System.Text.Json.Nodes;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Jobs;
using Pipeline.Server.Runs;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Metrics;

public class MetricsApiTests
{
    private static readonly string Live = $"runs/{SampleState.Live}/stages/r1_zero/metrics";

    [Test]
    public async Task Metrics_OfAResumedStage_HasEachStepOnce()
    {
        // Attempt 1 logged 1..57, attempt 2 went on from 50 and logged 51..83: 83 steps, none twice.
        var reward = (await Served.Get(Live + "?names=reward"))["series"]!["reward"]!;
        Assert.That(Longs(reward["steps"]), Is.EqualTo(Enumerable.Range(1, 83)));
    }

    [Test]
    public async Task Metrics_FromAndTo_AreBothIncluded()
    {
        var reward = (await Served.Get(Live + "?names=reward&from=20&to=24"))["series"]!["reward"]!;
        Assert.That(Longs(reward["steps"]), Is.EqualTo(new long[] { 20, 21, 22, 23, 24 }));
    }

    [Test]
    public async Task Metrics_FewPoints_KeepTheSpikeAndSayHowManyThereWere()
    {
        var norm = (await Served.Get(Live + "?names=grad_norm&points=10"))["series"]!["grad_norm"]!;
        Assert.Multiple(() =>
        {
            Assert.That((int)norm["count"]!, Is.EqualTo(83));
            Assert.That(Longs(norm["steps"]), Has.Length.LessThanOrEqualTo(12).And.Contain(43));
        });
    }

    [Test]
    public async Task Metrics_OfACachedStage_AreThoseOfTheRunThatMadeIt()
    {
        var metrics = await Served.Get($"runs/latest/stages/base/metrics?names=loss&points=2");
        Assert.Multiple(() =>
        {
            Assert.That((string)metrics["run"]!, Is.EqualTo(SampleState.Finished));
            Assert.That((int)metrics["series"]!["loss"]!["count"]!, Is.EqualTo(500));
        });
    }

    [Test]
    public async Task Metrics_EachPoint_SaysWhenItWasLogged()
    {
        // The sample logs a step every 0.8 s.
        var times = Longs((await Served.Get(Live + "?names=reward"))["series"]!["reward"]!["times"]);
        Assert.That(times[1] - times[0], Is.EqualTo(800).Within(1));
    }

    [Test]
    public async Task Metrics_Smoothed_AreTheSameHoweverFarOneZoomsIn()
    {
        var whole = (await Served.Get(Live + "?names=reward&smoothing=0.9"))["series"]!["reward"]!;
        var part = (await Served.Get(Live + "?names=reward&smoothing=0.9&from=40&to=41"))["series"]!["reward"]!;
        Assert.That((double)part["smooth"]![0]!, Is.EqualTo((double)whole["smooth"]![39]!));
    }

    [Test]
    public async Task Csv_HasARowAStepAndAllMetrics()
    {
        var lines = (await Served.Client.GetStringAsync(new Uri($"api/v1/{Live}.csv?names=reward,eval/pass@1", UriKind.Relative))).Split("\r\n");
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.EqualTo(85)); // a heading, 83 steps, the end
            Assert.That(lines[0], Is.EqualTo("step,time,\"eval/pass@1\",\"reward\""));
            Assert.That(lines[1], Does.Match(@"^1,20\d\d-.*Z,,\d")); // accuracy is not measured at step 1
            Assert.That(lines[20], Does.Match(@"^20,.*Z,0\.\d+,\d"));
        });
    }

    [Test]
    public async Task Parquet_HoldsWhatTheApiShows()
    {
        var file = Path.Combine(Path.GetTempPath(), $"pipeline-{Guid.NewGuid():N}.parquet");
        await File.WriteAllBytesAsync(file, await Served.Client.GetByteArrayAsync(new Uri($"api/v1/{Live}.parquet", UriKind.Relative)));
        var rows = Dataset.Read<MetricRow>(file);
        File.Delete(file);
        var reward = (await Served.Get(Live + "?names=reward"))["series"]!["reward"]!;
        Assert.That(rows.Select(row => row.Values["reward"]), Is.EqualTo(reward["values"]!.AsArray().Select(value => (double?)value)));
    }

    [TestCase("smoothing=1")]
    [TestCase("points=1")]
    [TestCase("points=1000000")]
    [TestCase("points=many")]
    public async Task Metrics_NonsenseAsked_SaysSo(string query) =>
        Assert.That(await Served.Refusal($"{Live}?{query}"), Is.EqualTo((400, ServerErrors.QueryInvalid)));

    [Test]
    public void Supersession_FallingBackBehindAnOlderCheckpoint_HidesRowsOfBothBefore()
    {
        // Attempt 2 resumed from 40; its checkpoint of 80 was damaged, so attempt 3 went back to 20: of both only 1..20 count.
        var chain = new AttemptChain("run", "stage", [Attempt(1, null), Attempt(2, 40), Attempt(3, 20)]);
        Assert.That(new[] { chain.LastStepOf(0), chain.LastStepOf(1), chain.LastStepOf(2) }, Is.EqualTo(new long?[] { 20, 20, null }));
    }

    [Test]
    public void Supersession_StartingAfresh_LeavesNothingOfTheFormer() =>
        Assert.That(new AttemptChain("run", "stage", [Attempt(1, null), Attempt(2, null)]).LastStepOf(0), Is.EqualTo(-1));

    private static ChainedAttempt Attempt(int number, long? resumeStep) => new(number, resumeStep, Alive: false, new AttemptFolder("/nowhere"));

    private static long[] Longs(JsonNode? numbers) => [.. numbers!.AsArray().Select(number => (long)number!)];
}
