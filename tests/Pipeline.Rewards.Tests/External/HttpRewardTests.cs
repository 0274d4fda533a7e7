using System.Text.Json;
using Pipeline.Protocol.Options;
using Pipeline.Rewards.External;

namespace Pipeline.Rewards.Tests.External;

public class HttpRewardTests
{
    [Test]
    public async Task Score_Batches_KeepTheirOrderAndTellTheService()
    {
        var rows = new List<int>();
        await using var service = new TestService(body =>
        {
            using var document = JsonDocument.Parse(body);
            var lengths = document.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("length").GetInt32()).ToList();
            lock (rows) rows.Add(lengths.Count);
            return (200, $$"""{"scores": [{{string.Join(',', lengths.Select(length => length == 3 ? "null" : $"{length / 2.0}"))}}]}""");
        });
        await using var reward = new HttpReward("http", new HttpTerm { Url = service.Url, BatchSize = 2 });
        var scores = await reward.ScoreAsync([.. Enumerable.Range(0, 5).Select(length => Completions.Of("é\n", length: length))], CancellationToken.None);
        Assert.That(scores, Is.EqualTo(new[] { new RewardScore(0), new(0.5), new(1), RewardScore.NotApplicable, new(2) }));
        Assert.That(rows.Order(), Is.EqualTo(new[] { 1, 2, 2 }), "five rows, two a request");
    }

    [Test]
    public async Task Score_ServiceFailsFirst_IsTriedAgain()
    {
        var tries = 0;
        await using var service = new TestService(_ => Interlocked.Increment(ref tries) < 2 ? (503, "busy") : (200, """{"scores": [1]}"""));
        await using var reward = new HttpReward("http", new HttpTerm { Url = service.Url });
        Assert.That((await reward.ScoreAsync([Completions.Of("a")], CancellationToken.None))[0].Value, Is.EqualTo(1));
        Assert.That(tries, Is.EqualTo(2));
    }

    [TestCase(503, "busy", "REWARD_ENDPOINT", Description = "may pass, but did not")]
    [TestCase(404, "no such page", "REWARD_REFUSED")]
    [TestCase(200, "hello", "REWARD_REFUSED")]
    [TestCase(200, """{"scores": []}""", "REWARD_REFUSED", Description = "one row, no score")]
    [TestCase(200, """{"scores": ["1"]}""", "REWARD_REFUSED", Description = "a text is no number")]
    public async Task Score_NoScores_IsAnErrorThatShowsWhatCame(int status, string answer, string code)
    {
        await using var service = new TestService(_ => (status, answer));
        await using var reward = new HttpReward("mine", new HttpTerm { Url = service.Url, Retries = 0 });
        var error = (await Assert.ThrowsAsync<RewardException>(async () => await reward.ScoreAsync([Completions.Of("a")], CancellationToken.None)))!;
        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Message, Does.Contain("'mine'").And.Contain(service.Url).And.Contain(answer));
    }

    [Test]
    public async Task Score_ServiceThatNeverAnswers_HasNoScoreAndIsCounted()
    {
        using var end = new ManualResetEventSlim();
        await using var service = new TestService(_ =>
        {
            end.Wait();
            return (200, "");
        });
        await using var reward = new HttpReward("http", new HttpTerm { Url = service.Url, TimeoutSeconds = 1 });
        var scores = await reward.ScoreAsync([Completions.Of("a"), Completions.Of("b")], CancellationToken.None);
        end.Set();
        Assert.That(scores, Is.EqualTo(new[] { RewardScore.TimedOut, RewardScore.TimedOut }));
    }
}
