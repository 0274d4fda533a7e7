using System.Net;
using System.Text;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Runs;
using Pipeline.Spec.Resolved;
using Pipeline.Store;

namespace Pipeline.Server.Tests.Runs;

public class ApprovalApiTests
{
    private string _path = null!;
    private SqliteRunStore _store = null!;
    private DashboardServer _server = null!;
    private RunClient _runs = null!;
    private HttpClient _http = null!;
    private string _run = null!;

    [SetUp]
    public async Task AskAQuestion()
    {
        _path = Path.Combine(Path.GetTempPath(), $"approval-{Guid.NewGuid():N}");
        var state = StateFolder.Open(_path);
        _store = SqliteRunStore.Open(state.Journal);
        _runs = new RunClient(_store, TimeProvider.System, Random.Shared);
        var stage = new ResolvedStage { Id = "align", Instance = "align", Uses = "command", Command = ["true"], Approval = new("Promote?") };
        _run = await _runs.Submit(new ResolvedPipeline { Name = "p", File = "/p.yaml", Stages = [stage] }, new StageProgram([], ""));
        await _store.Append(_run, 1, [new ApprovalRequested { Run = _run, Sequence = 2, Stage = "align", Instance = "align", Message = "Promote?" }]);
        _server = await DashboardServer.Start(state, _store, port: 0);
        _http = new HttpClient { BaseAddress = _server.Address };
    }

    [TearDown]
    public async Task Close()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _store.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Test]
    public async Task Answer_FromOurOwnPage_IsRecorded_AndASecondOneIsTooLate()
    {
        Assert.That(await Answer("""{"approved":false,"reason":"not yet"}""", origin: _server.Address.GetLeftPart(UriPartial.Authority)), Is.EqualTo(HttpStatusCode.NoContent));
        var stage = (await _runs.State(_run)).Stage("align");
        Assert.That((stage.Phase, stage.Reason), Is.EqualTo((StagePhase.Failed, $"Rejected by {Environment.UserName}, in the dashboard: not yet.")));
        Assert.That(await Answer("""{"approved":true}"""), Is.EqualTo(HttpStatusCode.Conflict));
    }

    [Test]
    public async Task Answer_ThatAnotherSiteMadeTheBrowserSend_IsRefused()
    {
        Assert.That(await Answer("""{"approved":true}""", origin: "https://evil.example"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await Answer("""{"approved":true}""", site: "cross-site"), Is.EqualTo(HttpStatusCode.Forbidden));
        // A form of another page can send text without asking first.
        Assert.That((int)await Answer("""{"approved":true}""", type: "text/plain"), Is.GreaterThanOrEqualTo(400));
        Assert.That((await _runs.State(_run)).Stage("align").Phase, Is.EqualTo(StagePhase.AwaitingApproval));
    }

    [TestCase("nope", HttpStatusCode.NotFound)]
    [TestCase("align", HttpStatusCode.NoContent)]
    public async Task Answer_ByAProgram_NeedsTheStagesName(string stage, HttpStatusCode expected) =>
        Assert.That(await Answer("""{"approved":true}""", stage: stage), Is.EqualTo(expected));

    private async Task<HttpStatusCode> Answer(
        string body, string stage = "align", string type = "application/json", string? origin = null, string? site = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/runs/{_run}/stages/{stage}/approval")
        {
            Content = new StringContent(body, Encoding.UTF8, type),
        };
        if (origin is not null) request.Headers.Add("Origin", origin);
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }
}
