using System.Net;
using System.Net.Http.Headers;

namespace Pipeline.Server.Tests.Http;

public class PagesTests
{
    [TestCase("", "text/html")]
    [TestCase("runs/latest", "text/html")]
    [TestCase("runs/latest/stages/r1_zero", "text/html")]
    [TestCase("runs/latest/stages/r1_zero/rollouts", "text/html")]
    [TestCase("runs/latest/artifacts", "text/html")]
    [TestCase("runs/latest/stages/r1_zero/outputs/model", "text/html")]
    [TestCase("compare", "text/html")]
    [TestCase("system", "text/html")]
    [TestCase("rollouts", "text/html")]
    [TestCase("sign-in", "text/html")]
    [TestCase("css/page.css", "text/css")]
    [TestCase("js/run.js", "text/javascript")]
    [TestCase("js/echarts.js", "text/javascript")]
    [TestCase("favicon.svg", "image/svg+xml")]
    public async Task Page_AndWhatItNeeds_ComesOutOfTheAssembly(string path, string type)
    {
        using var answer = await Served.Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.That((answer.StatusCode, answer.Content.Headers.ContentType?.MediaType), Is.EqualTo((HttpStatusCode.OK, type)));
    }

    [Test]
    public async Task Page_ThatTheBrowserHas_IsNotSentAgain()
    {
        using var first = await Served.Client.GetAsync(new Uri("js/echarts.js", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Get, "js/echarts.js");
        request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(first.Headers.ETag!.ToString()));
        using var second = await Served.Client.SendAsync(request);
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task OpenApi_NamesEveryPathOfTheApi()
    {
        var document = await Served.Client.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative));
        foreach (var path in new[] { "/runs", "/runs/{run}", "/runs/{run}/events", "/runs/{run}/stream", "/runs/{run}/report", "/runs/{run}/stages/{instance}", "/runs/{run}/stages/{instance}/metrics", "/runs/{run}/stages/{instance}/metrics.csv", "/runs/{run}/stages/{instance}/logs" })
            Assert.That(document, Does.Contain($"\"/api/v1{path}\""));
    }

    [Test]
    public async Task Health_WhileItLives_IsOk() =>
        Assert.That(await Served.Client.GetStringAsync(new Uri("healthz", UriKind.Relative)), Is.EqualTo("ok"));

    [Test]
    public async Task Api_AnUnknownPath_IsAProblemNotAPage() =>
        Assert.That(await Served.Refusal("nothing"), Is.EqualTo((404, ServerErrors.NotFound)));
}
