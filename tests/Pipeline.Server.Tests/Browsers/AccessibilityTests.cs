using Deque.AxeCore.Commons;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Browsers;

/// <summary>Each page before axe-core, in light and in dark: nothing that it calls serious or critical.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public class AccessibilityTests
{
    // Preload would read style sheets by means that the content policy forbids.
    private const string Run = """
        const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) => done(violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(node => node.html).join(' ')}`).join('\n')), error => done(String(error)));
        """;

    private Browser? _browser;

    [OneTimeSetUp]
    public void StartBrowser() => _browser = Browser.Start();

    [OneTimeTearDown]
    public void StopBrowser() => _browser?.Dispose();

    [TestCase("", false)]
    [TestCase("runs/latest", true)]
    [TestCase("runs/latest/stages/r1_zero", false)]
    [TestCase("runs/latest/stages/r1_zero/rollouts", true)]
    [TestCase($"compare?runs={SampleState.Live},{SampleState.Finished}", false)]
    [TestCase($"runs/{SampleState.Finished}/stages/data/outputs/prompts", true)]
    [TestCase("new", false)]
    [TestCase("sign-in", true)]
    [TestCase("system", true)]
    public void Page_BeforeAxe_HasNothingSerious(string page, bool dark)
    {
        _browser!.Open(new Uri(Served.Address, page), dark: dark);
        _browser.Until("document.readyState === 'complete' && document.querySelector('h1') !== null && !document.querySelector('.skeleton')");
        _browser.Do(new BundledAxeScriptProvider().GetScript());
        Assert.That(_browser.AskLater<string>(Run), Is.Empty);
    }
}
