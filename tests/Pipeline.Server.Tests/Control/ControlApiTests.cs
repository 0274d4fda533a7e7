using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pipeline.Engine;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Control;

public class ControlApiTests
{
    private const string Valid = "apiVersion: pipeline/v1\nkind: Pipeline\nname: tiny\nstages:\n  data:\n    uses: generate_data\n";

    [Test]
    public async Task Validate_AMistake_SaysWhereAndWhatWasMeant()
    {
        var (status, found) = await Post("pipelines/validate", new { text = Valid.Replace("generate_data", "generate_dada") });
        var error = found["errors"]![0]!;
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(((int)error["line"]!, (int)error["column"]!), Is.EqualTo((6, 11)));
            Assert.That((string)error["message"]!, Does.Contain("generate_data"));
        });
    }

    [Test]
    public async Task Submit_AValidFile_HandsOverTheResolvedPipeline()
    {
        var (status, answer) = await Post("runs", new { text = Valid });
        Assert.Multiple(() =>
        {
            Assert.That((status, (string)answer["run"]!), Is.EqualTo((HttpStatusCode.Created, RecordedControl.NewRun)));
            Assert.That(Served.Control.Asked, Does.Contain("submit tiny"));
        });
    }

    [Test]
    public async Task Submit_AnInvalidFile_IsRefusedWithItsErrors()
    {
        var (status, answer) = await Post("runs", new { text = "name: [" });
        Assert.That((status, answer["errors"]!.AsArray().Count > 0), Is.EqualTo((HttpStatusCode.UnprocessableEntity, true)));
    }

    [Test]
    public async Task Validate_AYamlBomb_IsAnErrorNotAnEnd()
    {
        // Nine levels of nine references each would be four hundred million nodes.
        var bomb = "a0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));
        var (status, answer) = await Post("pipelines/validate", new { text = bomb });
        Assert.That((status, answer["errors"]!.AsArray().Count > 0), Is.EqualTo((HttpStatusCode.OK, true)));
    }

    [TestCase("cancel")]
    [TestCase("resume")]
    public async Task Run_CancelledOrResumed_IsHandedOver(string verb)
    {
        await Post($"runs/{SampleState.Failed}/{verb}", new { });
        Assert.That(Served.Control.Asked, Does.Contain($"{verb} {SampleState.Failed}"));
    }

    [TestCase(true, "approve")]
    [TestCase(false, "reject")]
    public async Task Approval_Answered_IsHandedOverWithItsReason(bool approved, string word)
    {
        var (status, _) = await Post($"runs/{SampleState.Live}/stages/r1_zero/approval", new { approved, reason = "seen" });
        Assert.That((status, Served.Control.Asked.Contains($"{word} {SampleState.Live} r1_zero: seen")), Is.EqualTo((HttpStatusCode.NoContent, true)));
    }

    [Test]
    public async Task Run_ThatDoesNotExist_CannotBeCancelled()
    {
        var (status, answer) = await Post("runs/nope/cancel", new { });
        Assert.That((status, (string)answer["code"]!), Is.EqualTo((HttpStatusCode.NotFound, EngineErrors.RunUnknown)));
    }

    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    [TestCase("Origin", "http://evil.example")]
    [TestCase("Origin", "null")]
    [TestCase("Origin", "http://127.0.0.1:1")]
    public async Task Post_OfAnotherSite_IsRefused(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/runs/latest/cancel") { Content = JsonContent.Create(new { }) };
        request.Headers.Add(header, value);
        using var answer = await Served.Client.SendAsync(request);
        Assert.Multiple(() =>
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(Served.Control.Asked, Does.Not.Contain($"cancel {SampleState.Live}"));
        });
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("""{"text": 5}""")]
    public async Task Post_MalformedBody_IsABadRequest(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Served.Client.PostAsync(new Uri("api/v1/runs", UriKind.Relative), content);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private static async Task<(HttpStatusCode Status, JsonNode Answer)> Post(string path, object body)
    {
        using var answer = await Served.Client.PostAsJsonAsync(new Uri("api/v1/" + path, UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject());
    }
}
