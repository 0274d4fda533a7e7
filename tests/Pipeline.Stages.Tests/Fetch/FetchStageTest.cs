using Pipeline.Hub.Tests;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.Fetch;

/// <summary>Fetching as a stage of its own process, from a server in this one.</summary>
public sealed class FetchStageTest
{
    private const string Options = $$"""{ "repository": "some/rows", "revision": "{{HubServer.Commit}}" }""";
    private HubServer _server = null!;
    private TestFolder _folder = null!;

    [SetUp]
    public void Start()
    {
        (_server, _folder) = (new HubServer(), new TestFolder());
        _server.Files["data/a.parquet"] = [1, 2, 3];
        _server.Files["other/b.parquet"] = [4];
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public void Run_Dataset_LiesInOneFolder_WithTheDigestOfItsBytes()
    {
        var attempt = Attempt.Of(_folder.Of("fetch"), "fetch_dataset", Options);
        Assert.That(ExitCode(attempt), Is.Zero, attempt.Error);
        Assert.That(Directory.GetFiles(attempt.Output("dataset")), Is.EqualTo(new[] { Path.Combine(attempt.Output("dataset"), "data-a.parquet") }));
        Assert.That(attempt.Result.Outputs["dataset"].Digest, Is.EqualTo(Protocol.Artifacts.ArtifactDigest.Of(attempt.Output("dataset"))));
        Assert.That(attempt.Result.Metrics["bytes"], Is.EqualTo(3));
    }

    [Test]
    public void Run_Gated_IsAWrongConfiguration_AndTheTokenStandsNowhere()
    {
        _server.Misbehave = (context, _, _) => Task.FromResult((context.Response.StatusCode = 403) > 0);
        var attempt = Attempt.Of(_folder.Of("fetch"), "fetch_dataset", Options);
        Assert.That(ExitCode(attempt), Is.EqualTo(StageExit.Config));
        Assert.That(attempt.Error, Does.Contain("FETCH_DENIED").And.Contain("Accept the licence at"));
        var written = Directory.GetFiles(_folder.Of(""), "*", SearchOption.AllDirectories).Select(File.ReadAllText).Append(attempt.Error);
        Assert.That(written, Has.None.Contains("hf_secret"));
    }

    private int ExitCode(Attempt attempt)
    {
        using var process = attempt.Start(("HF_ENDPOINT", _server.Url.ToString()), ("HF_HUB_CACHE", _folder.Of("cache")), ("HF_TOKEN", "hf_secret"));
        process.WaitForExit();
        return process.ExitCode;
    }
}
