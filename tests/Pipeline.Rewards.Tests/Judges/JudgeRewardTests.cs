using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Pipeline.Endpoints.Tests;
using Pipeline.Protocol.Options;
using Pipeline.Rewards.Judges;

namespace Pipeline.Rewards.Tests.Judges;

public class JudgeRewardTests
{
    [Test]
    public async Task Pointwise_AMark_IsAShareOfTheScale()
    {
        await using var server = Answering("""{"reasons": "Short.", "score": 7}""");
        await using var reward = Judge(server);
        // 1 is 0 and 10 is 1, so 7 is 6 of 9 steps.
        Assert.That(await Scores(reward, Of("<think>hm</think>Hello!")), Is.EqualTo(new[] { new RewardScore(6 / 9.0) }));
        var question = Questions(server).Single();
        Assert.That(question, Does.Contain("<request>\nSay hello.\n</request>").And.Contain("<answer>\nHello!\n</answer>").And.Contain("<reference>\n\n</reference>"));
        Assert.That(question, Does.Not.Contain("hm"), "the summary is judged");
        Assert.That((string?)server.Requests[0]["response_format"]!["type"], Is.EqualTo("json_schema"));
    }

    [Test]
    public async Task Pairwise_AJudgeThatPrefersThePlace_ComesToADraw()
    {
        await using var server = Answering("""{"reasons": "", "winner": "first"}""");
        await using var reward = Judge(server, term => term with { Mode = JudgeMode.Pairwise });
        // In front it wins, 1; behind it loses, 0.
        Assert.That((await Scores(reward, Of("Hello!", "Good day."))).Single().Value, Is.EqualTo(0.5));
        Assert.That(Questions(server).Select(question => question.IndexOf("Hello!", StringComparison.Ordinal) < question.IndexOf("Good day.", StringComparison.Ordinal)), Is.EquivalentTo(new[] { true, false }));
    }

    [TestCase("Good day.", 1, Description = "wins in both places")]
    [TestCase("Hello!", 0, Description = "loses in both")]
    public async Task Pairwise_AJudgeThatReads_AgreesWithItselfInBothOrders(string better, double score)
    {
        await using var server = new ChatServer((request, _) =>
        {
            var question = Text(request);
            var isFirst = question.Contains($"<first>\n{better}", StringComparison.Ordinal);
            return Task.FromResult($$"""{"reasons": "", "winner": "{{(isFirst ? "first" : "second")}}"}""");
        });
        await using var reward = Judge(server, term => term with { Mode = JudgeMode.Pairwise });
        Assert.That((await Scores(reward, Of("Good day.", "Hello!"))).Single(), Is.EqualTo(new RewardScore(score)));
    }

    [Test]
    public async Task Pairwise_WithoutReferenceOrAnswer_AsksNothing()
    {
        await using var server = Answering("never");
        await using var reward = Judge(server, term => term with { Mode = JudgeMode.Pairwise });
        Assert.That(await Scores(reward, Of("Hello!"), Of("<think>cut off", "Hi.")), Is.EqualTo(new[] { RewardScore.NotApplicable, new(0) }));
        Assert.That(server.Requests, Is.Empty);
    }

    [TestCase("I like it, 9 of 10.", Description = "no object")]
    [TestCase("""{"reasons": "good"}""", Description = "no mark")]
    [TestCase("""{"reasons": "good", "score": 11}""", Description = "off the scale")]
    [TestCase("""{"reasons": "good", "score": "9"}""", Description = "a text")]
    [TestCase("""{"reasons": "good", "score": 9, "bonus": 1}""", Description = "more than was asked for")]
    [TestCase("""{"reasons": null, "score": 9}""")]
    public async Task Judge_AnAnswerNotOfTheSchema_IsAskedForAgainAndCounted(string bad)
    {
        await using var server = new ChatServer((_, number) => Task.FromResult(number == 0 ? bad : """{"reasons": "", "score": 10}"""));
        await using var reward = Judge(server);
        Assert.That(await Scores(reward, Of("Hello!")), Is.EqualTo(new[] { new RewardScore(1) { BadAnswers = 1 } }));
        Assert.That(server.Requests.Select(request => (long)request["seed"]!), Is.EqualTo(new[] { 0L, 1 }));
    }

    [Test]
    public async Task Judge_NothingButBadAnswers_HasNoScoreAfterSoManyTries()
    {
        await using var server = Answering("hm");
        await using var reward = Judge(server, term => term with { BadAnswerRetries = 3 });
        var score = (await Scores(reward, Of("Hello!"))).Single();
        Assert.That((score.Outcome, score.BadAnswers, double.IsNaN(score.Value)), Is.EqualTo((RewardOutcome.NoVerdict, 4, true)));
        Assert.That(server.Requests, Has.Count.EqualTo(4));
        Assert.That(RewardMetrics.Of([new(double.NaN, new Dictionary<string, RewardScore> { ["judge"] = score })]).ToDictionary(),
            Is.EqualTo(new Dictionary<string, double> { ["rewards/judge/no_verdicts"] = 1, ["rewards/judge/bad_answers"] = 4 }));
    }

    [TestCase("""<think>{"score": 1}</think>{"reasons": "", "score": 10}""", Description = "a judge that thinks")]
    [TestCase("Here you are:\n```json\n{\"reasons\": \"a {b}\", \"score\": 10}\n```")]
    public async Task Judge_AVerdictWrappedInTalk_IsFound(string answer)
    {
        await using var server = Answering(answer);
        await using var reward = Judge(server, term => term with { ConstrainAnswer = false });
        Assert.That((await Scores(reward, Of("Hello!"))).Single(), Is.EqualTo(new RewardScore(1)));
        Assert.That(server.Requests[0].ContainsKey("response_format"), Is.False);
    }

    [Test]
    public async Task Judge_EqualTexts_AreAskedAboutOnce()
    {
        await using var server = Answering("""{"reasons": "", "score": 4}""");
        await using var reward = Judge(server);
        await Scores(reward, Of("Hello!"), Of("Hello!"), Of("Hi!"));
        Assert.That((await Scores(reward, Of("Hi!"), Of("Hello!"))).Select(score => score.Value), Is.All.EqualTo(3 / 9.0));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Judge_ThatIsSlow_IsATimeoutAndTheOthersCount()
    {
        var end = new TaskCompletionSource<string>();
        await using var server = new ChatServer((request, _) => Text(request).Contains("slow", StringComparison.Ordinal)
            ? end.Task : Task.FromResult("""{"reasons": "", "score": 10}"""));
        await using var reward = Judge(server, term => term with { Endpoint = term.Endpoint with { TimeoutSeconds = 1, Retries = 0 } });
        Assert.That(await Scores(reward, Of("slow"), Of("quick")), Is.EqualTo(new[] { RewardScore.TimedOut, new(1) }));
        end.SetResult("");
    }

    [TestCase(StatusCodes.Status429TooManyRequests)]
    [TestCase(StatusCodes.Status500InternalServerError)]
    public async Task Judge_ServerBusyOrFailingOnce_IsAskedAgain(int status)
    {
        await using var server = new ChatServer((_, number) => number == 0 ? throw new BadHttpRequestException("no", status) : Task.FromResult("""{"reasons": "", "score": 10}"""));
        await using var reward = Judge(server);
        Assert.That((await Scores(reward, Of("Hello!"))).Single(), Is.EqualTo(new RewardScore(1)), "which is no bad answer");
    }

    [TestCase(StatusCodes.Status500InternalServerError, RewardException.Endpoint)]
    [TestCase(StatusCodes.Status401Unauthorized, RewardException.Refused)]
    public async Task Judge_ServerThatWillNot_IsAnErrorThatNamesIt(int status, string code)
    {
        await using var server = new ChatServer((_, _) => throw new BadHttpRequestException("no", status));
        await using var reward = Judge(server, term => term with { Endpoint = term.Endpoint with { Retries = 0 } });
        var error = (await Assert.ThrowsAsync<RewardException>(async () => await Scores(reward, Of("Hello!"))))!;
        Assert.That(error.Code, Is.EqualTo(code));
        Assert.That(error.Message, Does.Contain("'judge'").And.Contain(server.Url));
    }

    [Test]
    public async Task Template_OfOnesOwn_IsFilledInOnceAndKeepsControlTokensApart()
    {
        await using var server = Answering("""{"reasons": "", "score": 1}""");
        await using var reward = Judge(server, term => term with { Template = "{{prompt}} | {{answer}}" });
        await Scores(reward, Of("{{prompt}} <|im_end|>"));
        Assert.That(Questions(server).Single(), Is.EqualTo("Say hello. | {{prompt}} < |im_end|>"));
    }

    [TestCase("{{prompt}}", "{{answer}} is missing")]
    [TestCase("{{prompt}} {{answer}} {{winner}}", "{{winner}}")]
    public async Task Template_ThatLacksAPlaceOrHasAnUnknownOne_IsRefused(string template, string told)
    {
        await using var server = Answering("");
        var error = Assert.Throws<RewardException>(() => Judge(server, term => term with { Template = template }))!;
        Assert.That(error.Code, Is.EqualTo(RewardException.Template));
        Assert.That(error.Message, Does.Contain(told));
    }

    [Test]
    public async Task Key_ThatIsNotSet_IsAnErrorBeforeAnythingIsAsked()
    {
        await using var server = Answering("");
        Assert.That(() => Judge(server, term => term with { Endpoint = term.Endpoint with { ApiKeyVariable = "PIPELINE_TEST_NO_KEY" } }),
            Throws.TypeOf<RewardException>().With.Message.Contains("PIPELINE_TEST_NO_KEY"));
    }

    private static ChatServer Answering(string answer) => new((_, _) => Task.FromResult(answer));

    private static JudgeReward Judge(ChatServer server, Func<JudgeTerm, JudgeTerm>? change = null) =>
        new("judge", (change ?? (same => same))(new JudgeTerm { Endpoint = new EndpointOptions { Url = server.Url, Model = "judge" } }));

    private static RewardInput Of(string completion, string? truth = null) => Completions.Of(completion, truth) with { Prompt = "<|user|>Say hello.", Request = "Say hello." };

    private static async Task<IReadOnlyList<RewardScore>> Scores(JudgeReward reward, params RewardInput[] inputs) => await reward.ScoreAsync(inputs, CancellationToken.None);

    private static IEnumerable<string> Questions(ChatServer server) => server.Requests.Select(Text);

    private static string Text(JsonObject request) => (string)request["messages"]![0]!["content"]!;
}
