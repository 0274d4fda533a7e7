using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Browsers;

/// <summary>Photographs every page, to be looked at by a person: <c>dotnet test --filter FullyQualifiedName~Photographs</c>.</summary>
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
            ("stage", "runs/latest/stages/r1_zero"), ("supervised", $"runs/{SampleState.Finished}/stages/sft"),
            ("rollouts", "runs/latest/stages/r1_zero/rollouts"),
            ("rollouts-beside", $"runs/{SampleState.Finished}/stages/r1_zero/rollouts?with=r1%3A60"), ("rollout-file", "rollouts"),
            ("compare", $"compare?runs={SampleState.Live},{SampleState.Finished}"), ("system", "system"), ("artifacts", $"runs/{SampleState.Finished}/artifacts"),
            ("dataset", $"runs/{SampleState.Finished}/stages/data/outputs/prompts"),
        })
        {
            foreach (var (width, dark) in new[] { (1280, false), (1280, true), (400, false), (400, true) })
            {
                browser.Open(new Uri(Served.Address, page), width, dark: dark);
                browser.Until("!document.querySelector('.skeleton') && (!document.querySelector('.connection') || document.querySelector('.connection').textContent === 'live')");
                browser.Photograph(Path.Combine(folder, $"{name}-{width}{(dark ? "-dark" : "")}.png"));
            }
        }
        TestContext.Out.WriteLine(folder);
    }
}
