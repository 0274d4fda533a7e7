using System.Net;
using Pipeline.Engine;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Http;

public class SecurityTests
{
    [TestCase("evil.example", HttpStatusCode.BadRequest)]
    [TestCase("evil.example:8421", HttpStatusCode.BadRequest)]
    [TestCase("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [TestCase("localhost", HttpStatusCode.OK)]
    [TestCase("127.0.0.1:8421", HttpStatusCode.OK)]
    public async Task Host_OfAnotherName_IsRefused(string host, HttpStatusCode expected)
    {
        // DNS rebinding: a page of evil.example whose name now means 127.0.0.1.
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/runs") { Headers = { Host = host } };
        using var answer = await Served.Client.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("api/v1/runs")]
    [TestCase("api/v1/runs/nope")]
    [TestCase("js/run.js")]
    public async Task Answer_OfAnyKind_AllowsNoInlineScriptAndNoFrame(string path)
    {
        using var answer = await Served.Client.GetAsync(new Uri(path, UriKind.Relative));
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Multiple(() =>
        {
            Assert.That(policy, Does.Contain("script-src 'self';").And.Contain("frame-ancestors 'none'").And.Not.Contain("unsafe"));
            Assert.That(answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
            Assert.That(answer.Headers.Contains("Access-Control-Allow-Origin"), Is.False);
        });
    }

    [TestCase("runs/..%2f..%2fetc")]
    [TestCase("runs/%2e%2e/stages/x/logs")]
    [TestCase("runs/..%2f..%2f/stages/r1_zero/logs")]
    public async Task Run_WithAPathForAName_IsUnknown(string path)
    {
        using var answer = await Served.Client.GetAsync(new Uri("api/v1/" + path, UriKind.Relative));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("..%2f..%2fr1_zero")]
    [TestCase("..")]
    [TestCase("r1_zero%2fattempt-1")]
    public async Task Stage_WithAPathForAName_IsUnknown(string instance)
    {
        using var answer = await Served.Client.GetAsync(new Uri($"api/v1/runs/{SampleState.Live}/stages/{instance}/logs", UriKind.Relative));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Run_ThatDoesNotExist_SaysWhatToTry()
    {
        var (status, code) = await Served.Refusal("runs/nope");
        Assert.That((status, code), Is.EqualTo((404, EngineErrors.RunUnknown)));
    }

    [TestCase("POST")]
    [TestCase("DELETE")]
    [TestCase("PUT")]
    public async Task Write_OfAnyKind_IsNotOffered(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"api/v1/runs/{SampleState.Live}");
        using var answer = await Served.Client.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed).Or.EqualTo(HttpStatusCode.NotFound));
    }
}
