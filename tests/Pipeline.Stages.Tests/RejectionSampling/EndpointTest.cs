using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Endpoints.Tests;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.RejectionSampling;

/// <summary>Rejection sampling from a server instead of a model.</summary>
public sealed class EndpointTest
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Stage_StoppedAndStartedAgain_KeepsTheRightAnswersAndAsksNothingTwice()
    {
        // Every other completion is right: of two a prompt, one is kept.
        var truths = Dataset.Read<PromptRow>(Miniature.Data("prompts")).DistinctBy(row => row.Prompt[^1].Content)
            .ToDictionary(row => row.Prompt[^1].Content, row => row.GroundTruth);
        using var stop = new StopRequest();
        var count = 0;
        await using var server = new ChatServer((request, _) =>
        {
            stop.Ask(); // heard after the first chunk of 4
            var truth = truths[request["messages"]!.AsArray()[^1]!["content"]!.GetValue<string>()];
            var answer = Interlocked.Increment(ref count) % 2 == 1 ? truth : "no idea";
            return Task.FromResult($"<think>é {count}</think><answer>{answer}</answer>");
        });
        var options = $$"""
            { "endpoint": { "url": "{{server.Url}}", "model": "teacher", "concurrency": 1 }, "samples": 2, "limit": 6, "sampling": { "batch_size": 4 } }
            """;

        var first = Attempt.Of(_folder.Of("sampled"), "rejection_sampling", options, ("prompts", Miniature.Data("prompts")));
        Assert.That(first.Run(stop), Is.EqualTo(StageExit.Interrupted), first.Error);
        var second = Attempt.Of(_folder.Of("sampled"), "rejection_sampling", options, [("prompts", Miniature.Data("prompts"))],
            job => job with { ResumeFrom = Directory.GetDirectories(first.Folder.Checkpoints).Single() }).MustSucceed();

        var rows = Dataset.Read<SftRow>(second.Output("dataset"));
        Assert.Multiple(() =>
        {
            Assert.That(server.Requests, Has.Count.EqualTo(12));
            Assert.That(server.Requests.Select(request => (long)request["seed"]!).Distinct().Count(), Is.EqualTo(12));
            Assert.That(second.Result.Metrics["sampled"], Is.EqualTo(12));
            Assert.That(second.Result.Metrics["kept"], Is.EqualTo(6));
            Assert.That(second.Result.Tokens, Is.EqualTo(12 * 7));
            Assert.That(rows.Select(row => row.Messages[^1].Content), Has.All.StartWith("<think>é "));
            Assert.That(rows.Select(row => row.Messages[^1].Content), Has.All.Matches<string>(text => truths.ContainsValue(text!.Split("<answer>")[1].Split('<')[0])));
        });
    }

    [Test]
    public async Task Stage_PromptsOfCode_KeepsTheProgramsThatPassTheirTests()
    {
        Dataset.Write(_folder.Of("prompts"), Enumerable.Range(1, 3).Select(number => new PromptRow([ChatMessage.User($"Print {number}.")], $$"""{"inputs": [""], "outputs": ["{{number}}"]}""")
        {
            Ability = "code",
        }));
        await using var server = new ChatServer((_, _) => Task.FromResult("<think>easy</think>```js\nconsole.log(2)\n```"));
        var attempt = Attempt.Of(_folder.Of("sampled"), "rejection_sampling",
            $$"""{ "endpoint": { "url": "{{server.Url}}", "model": "teacher" }, "samples": 1, "format": "r1", "code": { "language": "javascript" } }""", ("prompts", _folder.Of("prompts"))).MustSucceed();

        Assert.That(Dataset.Read<SftRow>(attempt.Output("dataset")).Select(row => row.Messages[0].Content), Is.EqualTo(new[] { "Print 2." }));
        Assert.That((attempt.Result.Metrics["sampled"], attempt.Result.Metrics["dropped/wrong"]), Is.EqualTo((3.0, 2.0)));
    }

    [TestCase(true, """{ "endpoint": { "url": "http://localhost:1/v1", "model": "m" } }""", "two models")]
    [TestCase(false, "{}", "nothing to sample from")]
    [TestCase(false, """{ "endpoint": { "url": "localhost", "model": "m" } }""", "http://")]
    public void Stage_WithoutExactlyOneModel_IsRefused(bool withModel, string options, string says)
    {
        (string, string)[] inputs = withModel ? [("model", Miniature.Base), ("prompts", Miniature.Data("prompts"))] : [("prompts", Miniature.Data("prompts"))];
        var attempt = Attempt.Of(_folder.Of("sampled"), "rejection_sampling", options, inputs);
        Assert.That(attempt.Run(), Is.EqualTo(StageExit.Config));
        Assert.That(attempt.Error, Does.Contain(StageErrors.OptionInvalid).And.Contain(says));
    }
}
