using Microsoft.AspNetCore.Http;
using System.Text.Json;
using Pipeline.Protocol.Options;

namespace Pipeline.Endpoints.Tests;

public sealed class ChatEndpointTests
{
    private const string KeyVariable = "PIPELINE_TEST_KEY";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30); // a test that fails says so, one that passes does not wait

    [Test]
    public async Task AskAll_MoreQuestionsThanMayBeUnderWay_KeepsTheirOrderAndTheLimit()
    {
        // No request is answered before the third has come: one after the other would wait for ever.
        var third = new TaskCompletionSource();
        await using var server = new ChatServer(async (request, number) =>
        {
            if (number == 2) third.SetResult();
            await third.Task.WaitAsync(s_patience);
            return "You said " + (string)request["messages"]![0]!["content"]!;
        });
        using var endpoint = new ChatEndpoint(Options(server) with { Concurrency = 3 });

        var answers = endpoint.AskAll([.. Enumerable.Range(0, 10).Select(i => Question($"{i}"))]);

        Assert.Multiple(() =>
        {
            Assert.That(answers.Select(answer => answer.Text), Is.EqualTo(Enumerable.Range(0, 10).Select(i => $"You said {i}")));
            Assert.That(answers.Select(answer => answer.Tokens), Has.All.EqualTo(7));
            Assert.That(server.Busiest, Is.EqualTo(3));
        });
    }

    [Test]
    public async Task AskAll_EverySetting_ReachesTheServerUnderItsName()
    {
        await using var server = new ChatServer((_, _) => Task.FromResult("yes"));
        Environment.SetEnvironmentVariable(KeyVariable, "secret");
        using var endpoint = new ChatEndpoint(Options(server) with { ApiKeyVariable = KeyVariable });
        endpoint.AskAll([new ChatRequest([new ChatTurn("system", "Be brief."), ChatTurn.User("Well?")], new SamplingOptions
        {
            Temperature = 0.5, TopP = 0.25, TopK = 40, MinP = 0.125, RepetitionPenalty = 1.5, Stop = ["\n\n"], MaxTokens = 99,
        }, Seed: 12)]);

        var request = server.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(server.Keys.Single(), Is.EqualTo("Bearer secret"));
            Assert.That((string?)request["model"], Is.EqualTo("teacher"));
            Assert.That(request["messages"]!.AsArray().Select(message => $"{message!["role"]}: {message["content"]}"), Is.EqualTo(new[] { "system: Be brief.", "user: Well?" }));
            foreach (var (name, value) in new (string, double)[]
                     { ("temperature", 0.5), ("top_p", 0.25), ("top_k", 40), ("min_p", 0.125), ("repetition_penalty", 1.5), ("max_completion_tokens", 99), ("seed", 12) })
                Assert.That(request[name]?.GetValue<double>(), Is.EqualTo(value), name);
            Assert.That(request["stop"]!.AsArray().Select(text => (string?)text), Is.EqualTo(new[] { "\n\n" }));
        });
    }

    [Test]
    public async Task AskAll_SettingsThatOpenAIDoesNotKnow_AreNotSentUnlessAskedFor()
    {
        await using var server = new ChatServer((_, _) => Task.FromResult("yes"));
        using var endpoint = new ChatEndpoint(Options(server));
        endpoint.AskAll([Question("?")]);
        Assert.That(server.Requests.Single().Select(setting => setting.Key),
            Is.EquivalentTo(new[] { "model", "messages", "temperature", "max_completion_tokens", "seed" }));
    }

    [Test]
    public async Task AskAll_ServerBusyOnce_AsksAgain()
    {
        await using var server = new ChatServer((_, number) => number == 0
            ? throw new BadHttpRequestException("busy", StatusCodes.Status503ServiceUnavailable)
            : Task.FromResult("at last"));
        using var endpoint = new ChatEndpoint(Options(server));
        Assert.That(endpoint.AskAll([Question("?")]).Single().Text, Is.EqualTo("at last"));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [TestCase(StatusCodes.Status401Unauthorized, "api_key_variable")]
    [TestCase(StatusCodes.Status404NotFound, "endpoint.model")]
    [TestCase(StatusCodes.Status400BadRequest, "sampling")]
    public async Task AskAll_ServerRefuses_SaysWhatToLookAtAndDoesNotAskAgain(int status, string advice)
    {
        await using var server = new ChatServer((_, _) => throw new BadHttpRequestException("no", status));
        using var endpoint = new ChatEndpoint(Options(server));
        Assert.That(() => endpoint.AskAll([Question("?")]), Throws.TypeOf<EndpointException>()
            .With.Property("Code").EqualTo(EndpointException.Refused).And.Message.Contains(server.Url).And.Message.Contains(advice));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AskAll_NobodyListens_IsAFailureThatAnotherStartMaySurvive()
    {
        await using var server = new ChatServer((_, _) => Task.FromResult(""));
        var options = Options(server) with { Retries = 0 };
        await server.DisposeAsync();
        using var endpoint = new ChatEndpoint(options);
        Assert.That(() => endpoint.AskAll([Question("?")]), Throws.TypeOf<EndpointException>().With.Property("Code").EqualTo(EndpointException.Failed));
    }

    [Test]
    public async Task AskAll_ServerThatNeverAnswers_IsATimeoutAndNoOtherFailure()
    {
        var end = new TaskCompletionSource<string>();
        await using var server = new ChatServer((_, _) => end.Task);
        using var endpoint = new ChatEndpoint(Options(server) with { Retries = 0, TimeoutSeconds = 1 });
        Assert.That(() => endpoint.AskAll([Question("?")]), Throws.TypeOf<EndpointException>().With.Property("Code").EqualTo(EndpointException.TimedOut));
        end.SetResult("");
    }

    [Test]
    public async Task AskAll_AnswerSchema_IsSentAsTheResponseFormat()
    {
        await using var server = new ChatServer((_, _) => Task.FromResult("{}"));
        using var endpoint = new ChatEndpoint(Options(server));
        endpoint.AskAll([Question("?") with { AnswerSchema = JsonElement.Parse("""{ "type": "object", "properties": { "score": { "type": "integer" } } }""") }]);
        var format = server.Requests.Single()["response_format"]!;
        Assert.That((string?)format["type"], Is.EqualTo("json_schema"));
        Assert.That((string?)format["json_schema"]!["schema"]!["properties"]!["score"]!["type"], Is.EqualTo("integer"));
    }

    [Test]
    public async Task AskAll_ServerWithAReasoningParser_GivesReasoningAndAnswerApart()
    {
        await using var server = new ChatServer((_, _) => Task.FromResult("5")) { Extra = { ["reasoning_content"] = "2 plus 3 is 5" }, FinishReason = "length" };
        using var endpoint = new ChatEndpoint(Options(server));
        Assert.That(endpoint.AskAll([Question("2 + 3?")]).Single(), Is.EqualTo(new ChatAnswer("5", "2 plus 3 is 5", 7, IsTruncated: true)));
    }

    [Test]
    public void Endpoint_WhoseKeyIsNotSet_IsRefusedBeforeAnythingIsSent() =>
        Assert.That(() => new ChatEndpoint(new EndpointOptions { Url = "http://localhost:1/v1", Model = "m", ApiKeyVariable = "PIPELINE_TEST_NO_KEY" }),
            Throws.TypeOf<EndpointException>().With.Message.Contains("PIPELINE_TEST_NO_KEY"));

    private static EndpointOptions Options(ChatServer server) => new() { Url = server.Url, Model = "teacher" };

    private static ChatRequest Question(string text) => new([ChatTurn.User(text)], new SamplingOptions(), Seed: 1);
}
