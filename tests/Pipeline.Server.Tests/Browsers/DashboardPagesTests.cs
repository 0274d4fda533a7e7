using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Browsers;

/// <summary>The pages as a person meets them, in a real browser. Skipped where there is none, except on CI.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public class DashboardPagesTests
{
    private const string Drawn = "[...document.querySelectorAll('.panel canvas')].length >= ";
    private Browser? _browser;

    [OneTimeSetUp]
    public void StartBrowser()
    {
        if (Browser.Missing is not { } missing) _browser = new Browser();
        else if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        else Assert.Ignore(missing);
    }

    [OneTimeTearDown]
    public void StopBrowser() => _browser?.Dispose();

    [TearDown]
    public void BrowserHadNothingToComplainOf() => Assert.That(_browser!.Complaints, Is.Empty);

    [Test]
    public void Runs_EachIsARowWithItsState()
    {
        _browser!.Open(Served.Address);
        _browser.Until("document.querySelectorAll('.runs tbody tr').length === 3");
        Assert.That(_browser.Ask<string>("document.querySelector('.runs tbody').innerText"), Does.Contain("running").And.Contain("succeeded").And.Contain("failed at r1_zero"));
    }

    [Test]
    public void Run_AtWork_ShowsProgressCurvesAndLog()
    {
        _browser!.Open(new Uri(Served.Address, "runs/latest"));
        _browser.Until(Drawn + "14"); // a panel for each thing that GRPO logs
        _browser.Until("document.querySelector('.log').textContent.includes('step   83/100')");
        _browser.Until("document.querySelector('.connection').textContent === 'live'");
        Assert.Multiple(() =>
        {
            Assert.That(_browser.Ask<string>("document.querySelector('#at-work').innerText"), Does.Contain("83 of 100").And.Contain("left"));
            Assert.That(_browser.Ask<long>("document.querySelectorAll('.graph a').length"), Is.EqualTo(13)); // 21 stages, 8 of them evaluations
            Assert.That(_browser.Ask<string>("document.querySelector('#training').innerText"), Does.Contain("ZERO_SPREAD").And.Contain("loss starts at 0"));
            Assert.That(_browser.Ask<string>("document.querySelector('.panel h3').innerText"), Is.EqualTo("Reward"));
            Assert.That(_browser.Ask<bool>("[...document.querySelectorAll('.panel canvas')].every(canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(byte => byte))"));
        });
    }

    [Test]
    public void Run_Finished_ComparesItsModels()
    {
        _browser!.Open(new Uri(Served.Address, $"runs/{SampleState.Finished}"));
        _browser.Until("document.querySelectorAll('#results tbody tr').length === 8");
        _browser.Until("document.querySelectorAll('#results canvas').length === 2");
        Assert.That(_browser.Ask<string>("document.querySelector('#results tbody').innerText"), Does.Contain("R1-Zero").And.Contain("83.6"));
    }

    [Test]
    public void Run_AnotherStageChosen_ShowsItsCurves()
    {
        _browser!.Open(new Uri(Served.Address, $"runs/{SampleState.Finished}"));
        _browser.Until(Drawn + "1");
        _browser.Do("document.querySelector('[data-key=node-base]').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))");
        _browser.Until("document.querySelector('#training .panel h3')?.innerText === 'Loss'");
        Assert.That(_browser.Ask<string>("location.search"), Is.EqualTo("?stage=base"));
    }

    [Test]
    public void Rollouts_WhatAModelWrote_IsTextNotMarkup()
    {
        _browser!.Open(new Uri(Served.Address, $"runs/{SampleState.Finished}/rollouts?stage=r1"));
        _browser.Until("document.querySelectorAll('.completion').length === 12");
        Assert.Multiple(() =>
        {
            Assert.That(_browser.Ask<string>("document.querySelector('.completion pre').textContent"), Does.Contain("</think>").And.Contain(SampleFiles.Attack));
            Assert.That(_browser.Ask<long>("document.querySelectorAll('.completion img, .completion script').length"), Is.Zero);
        });
    }

    [TestCase("")]
    [TestCase("runs/latest")]
    [TestCase($"runs/{SampleState.Finished}")]
    [TestCase("runs/latest/rollouts?stage=r1_zero")]
    public void Page_OnANarrowPhone_IsNotWiderThanIt(string page)
    {
        _browser!.Open(new Uri(Served.Address, page), width: 360, height: 740);
        _browser.Until("!document.querySelector('.skeleton')");
        Assert.That(_browser.Ask<long>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360));
    }
}
