using System.Xml.Linq;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Reports;

public class ReportApiTests
{
    [Test]
    public async Task Report_OfAFinishedRun_HasARowPerModelInOrder()
    {
        var models = (await Served.Get($"runs/{SampleState.Finished}/report"))["models"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(models.Select(model => (string)model!["name"]!), Is.EqualTo(new[] { "base", "R1-Zero", "Dev1", "Dev2", "Dev3", "R1", "student 1/2", "student 1/4" }));
            Assert.That((double)models[5]!["pass@1"]!["ci95"]![0]!, Is.EqualTo(0.806).Within(1e-9)); // 0.836 - 0.030
        });
    }

    [Test]
    public async Task Report_OfAFinishedRun_SaysWhichClaimsHold()
    {
        var claims = (await Served.Get($"runs/{SampleState.Finished}/report"))["claims"]!.AsArray();
        Assert.That(claims.Select(claim => (string)claim!["holds"]!), Has.All.Match("holds|not_shown|does_not_hold"));
        Assert.That((string)claims[0]!["expectations"]![0]!["text"]!["expected"]!, Is.EqualTo("pass@1 of R1-Zero over base >= +20"));
    }

    [Test]
    public async Task Figure_OfAFinishedRun_IsAPictureToKeep()
    {
        using var answer = await Served.Client.GetAsync(new Uri($"api/v1/runs/{SampleState.Finished}/figure.svg", UriKind.Relative));
        var picture = XDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Multiple(() =>
        {
            Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("image/svg+xml"));
            Assert.That(answer.Content.Headers.ContentDisposition!.ToString(), Does.StartWith("attachment").And.Contains($"{SampleState.Finished}.svg"));
            Assert.That(picture.Root!.Elements().Count(element => element.Name.LocalName == "svg"), Is.EqualTo(4));
        });
    }

    [Test]
    public async Task Report_OfARunAtWork_HasWhatThereIs() =>
        Assert.That((await Served.Get("runs/latest/report"))["models"]!.AsArray(), Has.Count.EqualTo(1));
}
