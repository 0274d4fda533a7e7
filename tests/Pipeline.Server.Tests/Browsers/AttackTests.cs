using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Protocol.Jobs;
using Pipeline.Server.Tests.Samples;
using Pipeline.Spec.Resolved;
using Pipeline.Store;

namespace Pipeline.Server.Tests.Browsers;

/// <summary>A run whose every text is markup that would run a script: its name, its stage, what it prints, its alarm, its failure.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public class AttackTests
{
    private const string Run = "20251123-080212-evil";
    private const string Attack = "<img src=x onerror=\"window.robbed=1\"><script>window.robbed=1</script>";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"attack-{Guid.NewGuid():N}");
    private SqliteRunStore _store = null!;
    private DashboardServer _server = null!;
    private Browser? _browser;

    [OneTimeSetUp]
    public async Task WriteARun()
    {
        _browser = Browser.Start();
        var state = StateFolder.Open(_path);
        _store = SqliteRunStore.Open(state.Journal);
        var stage = new ResolvedStage { Id = "rl", Instance = "rl", Uses = Attack, Command = [Attack], Options = new() { [Attack] = Attack } };
        var journal = new SampleJournal(_store, Run, DateTimeOffset.UtcNow.AddMinutes(-2));
        journal.Submit(new ResolvedPipeline { Name = Attack, Description = Attack, File = "/p.yaml", Stages = [stage] });
        journal.Start("rl");
        journal.Alarm("rl", 1, 3, Attack, Attack);
        var folder = state.Attempt(new AttemptKey(Run, "rl", 1));
        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(folder.StandardOutput, $"step 1\n{Attack}\n");
        File.WriteAllText(folder.Metrics, $$"""{"step":1,"time":"2025-11-23T08:02:12Z","reward":1,"rewards/<img src=x onerror=window.robbed=1>/mean":1}""" + "\n");
        journal.Fail("rl", 1, FailureClass.Failed, Attack, 3, retry: false);
        journal.End("rl");
        _server = await DashboardServer.Start(state, _store, port: 0);
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

    [TestCase("", "main", TestName = "Script_InTheNameOfARun_IsTextInTheList")]
    [TestCase("runs/latest", "h1", TestName = "Script_InTheNameOfARun_IsTextOnItsPage")]
    [TestCase("runs/latest", "#events", TestName = "Script_InAnAlarm_IsTextAmongTheEvents")]
    [TestCase("runs/latest/stages/rl", "#notices", TestName = "Script_InAFailure_IsTextOnThePageOfTheStage")]
    [TestCase("runs/latest/stages/rl", ".log", TestName = "Script_InALogLine_IsText")]
    [TestCase("runs/latest/stages/rl", ".below", TestName = "Script_InAnOptionOrACommand_IsText")]
    [TestCase("compare?runs=latest,latest", "main", TestName = "Script_InTheNameOfARun_IsTextInAComparison")]
    public void Script(string page, string place)
    {
        _browser!.Open(new Uri(_server.Address, page));
        _browser.Until("document.querySelector('h1') !== null && !document.querySelector('.skeleton')");
        if (!page.StartsWith("compare", StringComparison.Ordinal)) _browser.Until($"document.querySelector('{place}')?.textContent.includes('<script>window.robbed=1</script>') === true");
        Assert.Multiple(() =>
        {
            Assert.That(_browser.Ask<bool>("window.robbed === undefined"));
            Assert.That(_browser.Ask<long>("document.querySelectorAll('img[src=x], main script').length"), Is.Zero);
            Assert.That(_browser.Complaints.Where(complaint => complaint.Contains("Content Security Policy")), Is.Empty, "nothing even came so far as to be stopped by the policy");
        });
    }
}
