using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Runs;
using Pipeline.Server.Tests.Control;
using Pipeline.Spec.Resolved;
using Pipeline.Store;

namespace Pipeline.Server.Tests.Browsers;

/// <summary>A run that waits for a person, in a real browser.</summary>
public class ApprovalPageTests
{
    private readonly RecordedControl _control = new();
    private string _path = null!;
    private SqliteRunStore _store = null!;
    private DashboardServer _server = null!;
    private string _run = null!;
    private Browser? _browser;

    [OneTimeSetUp]
    public async Task AskAQuestion()
    {
        _browser = Browser.Start();
        _path = Path.Combine(Path.GetTempPath(), $"approval-{Guid.NewGuid():N}");
        var state = StateFolder.Open(_path);
        _store = SqliteRunStore.Open(state.Journal);
        var stage = new ResolvedStage { Id = "align", Instance = "align", Uses = "command", Command = ["true"], Approval = new("Promote?") };
        _run = await new RunClient(_store, TimeProvider.System, Random.Shared)
            .Submit(new ResolvedPipeline { Name = "p", File = "/p.yaml", Stages = [stage] }, new StageProgram([], ""));
        await _store.Append(_run, 1, [new ApprovalRequested { Run = _run, Sequence = 2, Stage = "align", Instance = "align", Message = "Promote?" }]);
        _server = await DashboardServer.Start(state, _store, port: 0, _control);
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        _browser?.Dispose();
        if (_server is null) return; // there is no browser here, and nothing was begun
        await _server.DisposeAsync();
        _store.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [TestCase("approve")]
    [TestCase("reject")]
    public void Run_ThatWaitsForAPerson_AsksAndHandsTheAnswerOver(string answer)
    {
        _browser!.Open(_server.PageOf(_run));
        _browser.Until($"document.querySelector('[data-key={answer}-align]') !== null");
        Assert.That(_browser.Ask<string>("document.querySelector('.notice.warning:has(button)').innerText"), Does.Contain("align waits for approval").And.Contain("Promote?"));
        _browser.Do($"document.querySelector('[data-key={answer}-align]').click()");
        Assert.That(() => _control.Asked, Has.Some.EqualTo($"{answer} {_run} align").After(5_000, 20));
    }
}
