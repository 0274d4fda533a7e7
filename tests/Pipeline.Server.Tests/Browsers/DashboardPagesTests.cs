using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Browsers;

/// <summary>The pages as a person meets them, in a real browser. Skipped where there is none, except on CI.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public class DashboardPagesTests
{
    private const string Drawn = "[...document.querySelectorAll('.panel canvas')].length >= ";
    private Browser? _browser;

    [OneTimeSetUp]
    public void StartBrowser() => _browser = Browser.Start();

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
    public void Runs_SearchedAndFiltered_ShowsThemAndKeepsWhatWasTyped()
    {
        _browser!.Open(Served.Address);
        _browser.Until("document.querySelectorAll('.runs tbody tr').length === 3");
        _browser.Do("const search = document.querySelector('[data-key=query]'); search.focus(); search.value = 'hxtm'; search.dispatchEvent(new Event('input'))");
        _browser.Until("document.querySelectorAll('.runs tbody tr').length === 1");
        Assert.That(_browser.Ask<string>("document.activeElement.value + ' ' + location.search"), Is.EqualTo("hxtm ?query=hxtm"));
        _browser.Do("const state = document.querySelector('[data-key=state]'); state.value = 'succeeded'; state.dispatchEvent(new Event('change'))");
        _browser.Until("document.querySelector('.empty button') !== null");
        _browser.Do("document.querySelector('.empty button').click()");
        _browser.Until("document.querySelectorAll('.runs tbody tr').length === 3");
    }

    [Test]
    public void Run_AtWork_ShowsProgressAndTheCurveThatTells()
    {
        _browser!.Open(new Uri(Served.Address, "runs/latest"));
        _browser.Until("document.querySelectorAll('#at-work canvas').length === 1");
        _browser.Until("document.querySelector('.connection').textContent === 'live'");
        Assert.Multiple(() =>
        {
            Assert.That(_browser.Ask<string>("document.querySelector('#at-work').innerText"), Does.Contain("83 of 100").And.Contain("left"));
            Assert.That(_browser.Ask<long>("document.querySelectorAll('.graph a').length"), Is.EqualTo(13)); // 21 stages, 8 of them evaluations
        });
    }

    [Test]
    public void Stage_ThatLearnsByReinforcement_ShowsItsPanelsInOrder()
    {
        _browser!.Open(new Uri(Served.Address, "runs/latest/stages/r1_zero"));
        _browser.Until(Drawn + "14"); // a panel for each thing that GRPO logs
        _browser.Until("document.querySelector('.log').textContent.includes('step   83/100')");
        _browser.Until("document.querySelector('.connection').textContent === 'live'");
        Assert.Multiple(() =>
        {
            Assert.That(_browser.Ask<string>("[...document.querySelectorAll('.group-title')].map(title => title.innerText).join()"),
                Is.EqualTo("Reward,Completion length,Stability,Signal,Throughput,Objective"));
            Assert.That(_browser.Ask<string>("document.querySelector('#notices').innerText"), Does.Contain("NO_SPREAD"));
            Assert.That(_browser.Ask<string>("document.querySelector('.below').innerText"), Does.Contain("attempt").IgnoreCase.And.Contain("group_size").And.Contain("data.prompts"));
            Assert.That(_browser.Ask<bool>("[...document.querySelectorAll('.panel canvas')].every(canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(byte => byte))"));
        });
    }

    [Test]
    public void Stage_DragOverAChart_ZoomsAllOfThemToTheseSteps()
    {
        _browser!.Open(new Uri(Served.Address, "runs/latest/stages/r1_zero"));
        _browser.Until(Drawn + "14");
        _browser.Do("""
            const chart = document.querySelector('.panel .chart'), box = chart.getBoundingClientRect();
            const at = (target, type, share) => target.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerType: 'mouse', clientX: box.left + share * box.width }));
            at(chart, 'pointerdown', 0.5); at(window, 'pointermove', 0.7); at(window, 'pointerup', 0.7);
            """);
        _browser.Until("performance.getEntriesByType('resource').some(entry => /metrics.*from=[0-9]+&to=[0-9]+/.test(entry.name))");
        Assert.That(_browser.Ask<bool>("[...document.querySelectorAll('.curve-bar button')].some(button => button.innerText === 'All steps' && !button.hidden)"));
    }

    [Test]
    public void Stage_ClickOnAChart_OpensTheNearestRollouts()
    {
        _browser!.Open(new Uri(Served.Address, "runs/latest/stages/r1_zero"));
        _browser.Until(Drawn + "14");
        _browser.Do("""
            const chart = document.querySelector('.panel .chart'), box = chart.getBoundingClientRect();
            for (const [target, type] of [[chart, 'pointerdown'], [window, 'pointerup']])
              target.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, pointerType: 'mouse', clientX: box.left + box.width / 2 }));
            """);
        _browser.Until("location.pathname.endsWith('/rollouts') && document.querySelectorAll('.completion').length === 12");
        Assert.That(_browser.Ask<string>("location.search"), Is.EqualTo("?step=80")); // the only ones that were kept
    }

    [Test]
    public void Log_Searched_ShowsTheLineOfAnEarlierAttempt()
    {
        _browser!.Open(new Uri(Served.Address, "runs/latest/stages/r1_zero"));
        _browser.Until("document.querySelector('.log')?.textContent.includes('step   83/100') === true");
        _browser.Do("const search = document.querySelector('input[type=search]'); search.value = 'STEP   49/100'; search.dispatchEvent(new Event('input'))");
        _browser.Until("document.querySelectorAll('.found button').length === 1");
        _browser.Do("document.querySelector('.found button').click()");
        _browser.Until("document.querySelector('.log mark')?.textContent.startsWith('step   49/100') === true");
    }

    [Test]
    public void Run_Finished_ComparesItsModels()
    {
        _browser!.Open(new Uri(Served.Address, $"runs/{SampleState.Finished}"));
        _browser.Until("document.querySelectorAll('[aria-label=\"Results by model\"] tbody tr').length === 8");
        _browser.Until("document.querySelectorAll('#results canvas').length === 4");
        Assert.That(_browser.Ask<string>("document.querySelector('#results tbody').innerText"), Does.Contain("R1-Zero").And.Contain("83.6"));
        Assert.That(_browser.Ask<string>("document.querySelector('.results .half:nth-of-type(4) .chart').getAttribute('aria-label')"), Does.Match("Reflection while RL trains.*: R1-Zero from 1[01].[0-9] to 1[789].[0-9], Dev2 from .*, R1 from "));
        Assert.That(_browser.Ask<string>("[...document.querySelectorAll('.claims .badge')].map(badge => badge.innerText).join(', ')"), Is.EqualTo("yes, not shown, does not hold"));
    }

    [Test]
    public void Run_ClickOnAStageOfTheGraph_OpensItsPage()
    {
        _browser!.Open(new Uri(Served.Address, $"runs/{SampleState.Finished}"));
        _browser.Until("document.querySelector('[data-key=node-base]') !== null");
        _browser.Do("document.querySelector('[data-key=node-base]').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))");
        _browser.Until("document.querySelector('.panel h3')?.innerText === 'Loss'");
        Assert.That(_browser.Ask<string>("location.pathname"), Does.EndWith("/stages/base"));
    }

    [Test]
    public void Rollouts_WhatAModelWrote_IsTextNotMarkup()
    {
        _browser!.Open(new Uri(Served.Address, $"runs/{SampleState.Finished}/stages/r1/rollouts"));
        _browser.Until("document.querySelectorAll('.completion').length === 12");
        Assert.Multiple(() =>
        {
            Assert.That(_browser.Ask<string>("document.querySelector('.completion pre').textContent"), Does.Contain("</think>").And.Contain(SampleFiles.Attack));
            Assert.That(_browser.Ask<long>("document.querySelectorAll('.completion img, .completion script').length"), Is.Zero);
        });
    }

    [Test]
    public void Rollouts_BesideAnotherStage_AreOfTheSamePrompt()
    {
        _browser!.Open(new Uri(Served.Address, $"runs/{SampleState.Finished}/stages/r1_zero/rollouts?with=r1%3A60"));
        _browser.Until("document.querySelectorAll('.side').length === 6");
        Assert.Multiple(() =>
        {
            Assert.That(_browser.Ask<string>("[...document.querySelectorAll('.side h3')].slice(0, 2).map(title => title.firstChild.data).join()"), Is.EqualTo("r1_zero, step 100,r1, step 60"));
            Assert.That(_browser.Ask<long>("document.querySelectorAll('.completion').length"), Is.EqualTo(24));
        });
    }

    [Test]
    public void Rollouts_FilterChosen_ShowsOnlyThese()
    {
        _browser!.Open(new Uri(Served.Address, "runs/latest/stages/r1_zero/rollouts"));
        _browser.Until("document.querySelector('[data-key=filter-wrong]') !== null");
        _browser.Do("document.querySelector('[data-key=filter-wrong]').click()");
        _browser.Until("document.querySelectorAll('.completion').length === 3");
        Assert.That(_browser.Ask<string>("location.search"), Does.Contain("filter=wrong"));
    }

    [Test]
    public void Compare_TwoRuns_DrawsBothInEachPanel()
    {
        _browser!.Open(new Uri(Served.Address, $"compare?runs={SampleState.Live},{SampleState.Finished}&stage=r1_zero"));
        _browser.Until(Drawn + "14");
        Assert.Multiple(() =>
        {
            Assert.That(_browser.Ask<string>("document.querySelector('#curves .legend').innerText"), Does.Contain(SampleState.Live).And.Contain(SampleState.Finished));
            Assert.That(_browser.Ask<long>("document.querySelectorAll('#models thead th').length"), Is.EqualTo(3)); // the model, and a column a run
            Assert.That(_browser.Ask<string>("document.querySelector('#settings').innerText"), Does.Contain("The same settings"));
        });
    }

    [Test]
    public void NewRun_AMistakeWhileTyping_IsMarkedAtItsLine()
    {
        _browser!.Open(new Uri(Served.Address, "new"));
        _browser.Until("document.querySelector('textarea') !== null");
        _browser.Do("const text = document.querySelector('textarea'); text.value = 'apiVersion: pipeline/v1\\nkind: Pipeline\\nname: tiny\\nstages:\\n  data:\\n    uses: generate_dada'; text.dispatchEvent(new Event('input'))");
        _browser.Until("document.querySelector('.gutter .wrong')?.innerText === '6' && document.querySelector('.mistakes').innerText.includes('generate_data')");
        Assert.That(_browser.Ask<bool>("[...document.querySelectorAll('button')].find(button => button.innerText === 'Start').disabled"));
        _browser.Do("const text = document.querySelector('textarea'); text.value = text.value.replace('dada', 'data'); text.dispatchEvent(new Event('input'))");
        _browser.Until("document.querySelector('.notice.good')?.innerText.includes('tiny is valid') === true");
    }

    [Test]
    public void Artifact_Dataset_ShowsItsFirstRows()
    {
        _browser!.Open(new Uri(Served.Address, $"runs/{SampleState.Finished}/stages/data/outputs/prompts"));
        _browser.Until("document.querySelectorAll('.rows tbody tr').length === 20");
        Assert.That(_browser.Ask<string>("document.querySelector('.rows tbody').innerText"), Does.Contain("7+7=?"));
    }

    [TestCase("")]
    [TestCase("new")]
    [TestCase("system")]
    [TestCase("runs/latest/artifacts")]
    [TestCase($"runs/{SampleState.Finished}/stages/data/outputs/prompts")]
    [TestCase($"compare?runs={SampleState.Live},{SampleState.Finished}")]
    [TestCase("rollouts")]
    [TestCase("runs/latest")]
    [TestCase($"runs/{SampleState.Finished}")]
    [TestCase("runs/latest/stages/r1_zero")]
    [TestCase("runs/latest/stages/r1_zero/rollouts")]
    public void Page_OnANarrowPhone_IsNotWiderThanIt(string page)
    {
        _browser!.Open(new Uri(Served.Address, page), width: 360, height: 740);
        _browser.Until("!document.querySelector('.skeleton')");
        Assert.That(_browser.Ask<long>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(360));
    }
}
