using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Datasets;
using Pipeline.Datasets.Parquet;

namespace Pipeline.Server.Tests.Rollouts;

public class ForeignRolloutsTests
{
    [Test]
    public async Task Trl_Completions_AreGroupedByPromptAndSummed()
    {
        var file = Path.Combine(Path.GetTempPath(), $"pipeline-{Guid.NewGuid():N}.parquet");
        Dataset.Write(file, new TrlRow[] { new("10", "2+2", "4", 1, 0.7), new("10", "2+2", "5", 0, -0.7), new("10", "3+3", "6", 1, 0) });
        var view = await Read(await File.ReadAllBytesAsync(file));
        File.Delete(file);
        Assert.Multiple(() =>
        {
            Assert.That((long)view["step"]!, Is.EqualTo(10));
            Assert.That(view["groups"]!.AsArray().Select(group => (int)group!["size"]!), Is.EqualTo(new[] { 2, 1 }));
            Assert.That((double)view["groups"]![0]!["completions"]![0]!["reward"]!, Is.EqualTo(1.5)); // accuracy 1 and format 0.5
            Assert.That((double)view["groups"]![0]!["completions"]![1]!["advantage"]!, Is.EqualTo(-0.7));
        });
    }

    [Test]
    public async Task Verl_Lines_AreGroupedByPrompt()
    {
        var view = await Read(Encoding.UTF8.GetBytes("""
            {"input": "2+2", "output": "4", "gts": "4", "score": 1.0, "step": 7, "acc": 1}
            {"input": "2+2", "output": "5", "gts": "4", "score": 0.0, "step": 7, "acc": 0}

            """));
        Assert.Multiple(() =>
        {
            Assert.That((long)view["step"]!, Is.EqualTo(7));
            Assert.That((int)view["groups"]![0]!["size"]!, Is.EqualTo(2));
            Assert.That((string)view["groups"]![0]!["ground_truth"]!, Is.EqualTo("4"));
            Assert.That((double)view["groups"]![0]!["completions"]![0]!["rewards"]!["acc"]!, Is.EqualTo(1));
            Assert.That((int)view["found"]!["no_reward"]!, Is.EqualTo(1));
        });
    }

    [TestCase("not json", DatasetErrors.Unreadable)]
    [TestCase("""{"input": "no output"}""", DatasetErrors.Unreadable)]
    [TestCase("PAR1 and then nothing", DatasetErrors.Unreadable)]
    [TestCase("", DatasetErrors.Empty)]
    public async Task File_OfAnotherKind_IsRefusedWithItsReason(string content, string code)
    {
        using var answer = await Post(Encoding.UTF8.GetBytes(content), "application/octet-stream");
        Assert.That(((int)answer.StatusCode, (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!), Is.EqualTo((422, code)));
    }

    [Test]
    public async Task File_SentAsAFormOfAnotherSiteCould_IsRefused()
    {
        using var answer = await Post("{}"u8.ToArray(), "text/plain");
        Assert.That((int)answer.StatusCode, Is.EqualTo(400));
    }

    private static async Task<JsonNode> Read(byte[] file)
    {
        using var answer = await Post(file, "application/octet-stream");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<HttpResponseMessage> Post(byte[] file, string type)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        return await Served.Client.PostAsync(new Uri("api/v1/rollouts/read", UriKind.Relative), content);
    }
}
