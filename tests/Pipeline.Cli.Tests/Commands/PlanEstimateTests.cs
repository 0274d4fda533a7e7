using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Cli.Tests.Commands;

/// <summary>What <c>plan</c> says of time, memory and money, and of datasets that are there already.</summary>
public sealed class PlanEstimateTests : CommandTest
{
    [Test]
    public async Task Plan_ModelAndDatasetThatAreThere_TellsWhatTheStageTakes()
    {
        Model();
        Dataset.Write(InFolder("rows.parquet"), Enumerable.Range(0, 256).Select(row => new SftRow([ChatMessage.User($"{row}?"), ChatMessage.Assistant("yes")])));
        var result = await Bench.CallHere("plan", Pipeline("sft", "dataset", "rows.parquet"), "--price-per-gpu-hour", "2.5", "--device-tflops", "100");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Out, Does.Contain("GPU-hours").And.Contain("at 2.5 an hour").And.Contain("100 TFLOP/s of which training reaches 40 %"));
        Assert.That(result.Out, Does.Contain("rows.parquet: 256 rows; columns messages, language, source; in the first 256 rows"));

        var json = (await Bench.CallHere("plan", Pipeline("sft", "dataset", "rows.parquet"), "--json")).Json;
        var stage = json.GetProperty("estimates")[0];
        // 2 epochs of 256 rows in steps of 128.
        Assert.That(stage.GetProperty("steps").GetProperty("value").GetDouble(), Is.EqualTo(4));
        // A layer of width 8: 4 * 64 + 3 * 8 * 16 = 640 and two norms; the last norm, and 10 tokens.
        Assert.That(stage.GetProperty("parameters").GetInt64(), Is.EqualTo(640 + 16 + 8 + 80));
        Assert.That(json.GetProperty("datasets")[0].GetProperty("warnings").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Plan_RowsThatTheStageCannotLearn_AreNamed()
    {
        Model();
        Dataset.Write(InFolder("rows.parquet"), [new SftRow([ChatMessage.User("q"), ChatMessage.Assistant("a")]), new SftRow([ChatMessage.User("q")])]);
        Assert.That((await Bench.CallHere("plan", Pipeline("sft", "dataset", "rows.parquet"))).Out,
            Does.Contain("warning:").And.Contain("row 2: column 'messages' ends with a turn of the user"));
    }

    [Test]
    public async Task Plan_ADatasetOfAnotherSchema_SaysWhatTheStageReads()
    {
        Model();
        Dataset.Write(InFolder("rows.parquet"), [new TextRow("t")]);
        Assert.That((await Bench.CallHere("plan", Pipeline("grpo", "prompts", "rows.parquet"))).Out,
            Does.Contain("row 1 has the columns text, but grpo reads prompt, reward_model").And.Contain("`pipeline dataset convert`"));
    }

    [Test]
    public async Task Plan_ModelOptionWithoutConfig_SaysSo()
    {
        Model();
        Dataset.Write(InFolder("rows.parquet"), [new TextRow("t")]);
        var result = await Bench.CallHere("plan", Pipeline("grpo", "prompts", "rows.parquet"), "--model", Bench.Folder);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((2, $"error PLAN_MODEL: {Bench.Folder} has no config.json with the sizes of a model. Give a folder in Hugging Face's layout.\n")));
    }

    private string InFolder(string name) => Path.Combine(Bench.Folder, name);

    private void Model()
    {
        Directory.CreateDirectory(InFolder("model"));
        File.WriteAllText(InFolder("model/config.json"),
            """{"model_type": "llama", "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 10, "tie_word_embeddings": true}""");
    }

    private string Pipeline(string uses, string input, string dataset)
    {
        File.WriteAllText(InFolder("plan.yaml"), $$"""
            apiVersion: pipeline/v1
            kind: Pipeline
            name: plan
            stages:
              learn:
                uses: {{uses}}
                inputs: { model: model, {{input}}: {{dataset}} }
            """);
        return InFolder("plan.yaml");
    }
}
