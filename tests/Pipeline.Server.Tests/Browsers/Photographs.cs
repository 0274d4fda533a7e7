using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Browsers;

/// <summary>
/// Photographs every page, to be looked at by a person: <c>dotnet test tests/Pipeline.Server.Tests --filter FullyQualifiedName~Photographs</c>.
/// With <c>PIPELINE_SERVER</c>, the address of a server that has a finished run of the quickstart, also the pictures of the READMEs:
/// <c>dashboard.png</c> and <c>stage.png</c>.
/// </summary>
[Explicit("Makes pictures, claims nothing.")]
public class Photographs
{
    [Test]
    public void Pages_LightAndDark_WideAndNarrow()
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestContext.CurrentContext.WorkDirectory, "photographs")).FullName;
        using var browser = new Browser();
        foreach (var (name, page) in new[]
        {
            ("runs", ""), ("live", "runs/latest"), ("finished", $"runs/{SampleState.Finished}"), ("failed", $"runs/{SampleState.Failed}"),
            ("submit", "new"), ("sign-in", "sign-in"), ("stage", "runs/latest/stages/r1_zero"), ("supervised", $"runs/{SampleState.Finished}/stages/sft"),
            ("rollouts", "runs/latest/stages/r1_zero/rollouts"),
            ("rollouts-beside", $"runs/{SampleState.Finished}/stages/r1_zero/rollouts?with=r1%3A60"), ("rollout-file", "rollouts"),
            ("compare", $"compare?runs={SampleState.Live},{SampleState.Finished}"), ("system", "system"), ("artifacts", $"runs/{SampleState.Finished}/artifacts"),
            ("dataset", $"runs/{SampleState.Finished}/stages/data/outputs/prompts"),
        })
        {
            foreach (var (width, dark) in new[] { (1440, false), (1440, true), (360, false), (360, true) })
            {
                browser.Open(new Uri(Served.Address, page), width, dark: dark);
                browser.Until("!document.querySelector('.skeleton') && (!document.querySelector('.connection') || document.querySelector('.connection').textContent === 'live')");
                browser.Photograph(Path.Combine(folder, $"{name}-{width}{(dark ? "-dark" : "")}.png"));
            }
        }
        TestContext.Out.WriteLine(folder);
    }

    [Test]
    public void Readmes_ShowARealRun()
    {
        var server = Environment.GetEnvironmentVariable("PIPELINE_SERVER") ?? "";
        Assume.That(server, Is.Not.Empty, "PIPELINE_SERVER is the address of a server with a real run.");
        var folder = TestContext.CurrentContext.WorkDirectory;
        using var browser = new Browser();
        Picture("dashboard.png", "runs/latest", "document.querySelectorAll('#results canvas').length === 4", "#results");
        Picture("stage.png", "runs/latest/stages/reasoning_rl", "document.querySelectorAll('.panel canvas').length >= 14", ".curve-group:nth-of-type(4)");
        TestContext.Out.WriteLine(folder);

        // The top of a page down to the end of a part of it.
        void Picture(string file, string page, string drawn, string last)
        {
            browser.Open(new Uri(new Uri(server), page), width: 1280);
            browser.Until(drawn);
            browser.Photograph(Path.Combine(folder, file), slice: browser.Ask<long>($"Math.round(document.querySelector('{last}').getBoundingClientRect().bottom + scrollY) + 16"));
        }
    }
}
