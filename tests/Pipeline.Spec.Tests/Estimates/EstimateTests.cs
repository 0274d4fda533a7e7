using System.Text.Json.Nodes;
using Pipeline.Protocol.Options;
using Pipeline.Spec.Estimates;

namespace Pipeline.Spec.Tests.Estimates;

/// <summary>What stages take, with the arithmetic.</summary>
public sealed class EstimateTests
{
    private static readonly EstimateSettings s_settings = new();

    [Test]
    public void Parameters_OfPublishedModels_AreThoseOfTheirCards()
    {
        // Qwen2.5-1.5B: 1,543,714,304 weights, Qwen3-0.6B: 596,049,920, Llama-3.2-1B: 1,235,814,400, as their safetensors count.
        Assert.That(Size("""{"model_type": "qwen2", "hidden_size": 1536, "intermediate_size": 8960, "num_hidden_layers": 28, "num_attention_heads": 12, "num_key_value_heads": 2, "vocab_size": 151936, "tie_word_embeddings": true}""").Parameters, Is.EqualTo(1_543_714_304));
        Assert.That(Size("""{"model_type": "qwen3", "hidden_size": 1024, "intermediate_size": 3072, "num_hidden_layers": 28, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151936, "tie_word_embeddings": true}""").Parameters, Is.EqualTo(596_049_920));
        Assert.That(Size("""{"model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192, "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256, "tie_word_embeddings": true}""").Parameters, Is.EqualTo(1_235_814_400));
    }

    [Test]
    public void Config_WithoutASize_IsNoModel() => Assert.That(ModelSize.Of(JsonNode.Parse("""{"hidden_size": 8}""")!.AsObject()), Is.Null);

    [Test]
    public void Pretrain_KnowsItsStepsAndTokens_AndItsModelButForTheVocabulary()
    {
        var stage = Estimate("base");
        // 100 steps of 64 rows of 128 tokens.
        Assert.That((stage.Steps, stage.TrainedTokens), Is.EqualTo((new Amount(100), new Amount(819_200))));
        Assert.That(stage.Notes, Has.Some.Contains("vocabulary"));
        // A layer of width 96 with 4 query and 2 key heads of 24: 96 * 96 * 2 + 96 * 48 * 2 + 3 * 96 * 256 = 101,376, and 2 norms; 3 of them, and the last norm.
        Assert.That(stage.Parameters, Is.EqualTo(3 * (101_376 + 192) + 96));
        Assert.That(Estimate("base", s_settings with { Vocabulary = 50 }).Parameters, Is.EqualTo(3 * (101_376 + 192) + 96 + 50 * 96));
        // 6 operations a weight of a matrix and token, and of attention 3 * 2 * layers * width * positions.
        Assert.That(stage.Flops!.Value, Is.EqualTo(819_200.0 * (6 * 3 * 101_376 + 6 * 3 * 96 * 128)).Within(1));
    }

    [Test]
    public void Sft_OfRowsWhoseLengthNobodyKnows_IsBounded()
    {
        var stage = Estimate("cold_start");
        // 1,000 and 2,000 rows at most, 10 epochs, at most 256 tokens each; 235 steps of 128.
        Assert.That(stage.TrainedTokens, Is.EqualTo(new Amount(30_000 * 256, AtMost: true)));
        Assert.That(stage.Steps, Is.EqualTo(new Amount(235, AtMost: true)));
        Assert.That(stage.Parameters, Is.EqualTo(Estimate("base").Parameters), "the model is handed on");
        // Weights and two moments, float32: 12 bytes a weight; 3 newest, 2 best, none at a multiple of 1,000, and the one being written.
        Assert.That(stage.CheckpointBytes!.Value, Is.EqualTo(6 * 12.0 * stage.Parameters!.Value));
    }

    [Test]
    public void Grpo_CountsSamplingReferenceAndTraining()
    {
        var stage = Estimate("reasoning_rl");
        // 100 steps of 32 prompts with 16 completions of at most 64 tokens.
        Assert.That(stage.SampledTokens, Is.EqualTo(new Amount(3_276_800, AtMost: true)));
        var forward = 2 * 3 * 101_376 + 2.0 * 3 * 96 * 64;
        Assert.That(stage.Flops!.Value, Is.EqualTo(3_276_800 * forward * 5).Within(1), "sampled once, read by the reference once, trained on: three times as much");
        // At 989 TFLOP/s: training and reference at 0.4, sampling at 0.1.
        Assert.That(stage.GpuHours!.Value, Is.EqualTo(3_276_800 * forward * (4 / 0.4 + 1 / 0.1) / (989e12 * 3600)).Within(1e-12));
        Assert.That(Estimate("reasoning_rl", s_settings with { PricePerGpuHour = 2 }).Cost!.Value, Is.EqualTo(2 * stage.GpuHours.Value).Within(1e-12));
        Assert.That(stage.Cost, Is.Null);
        // The reference is a second model; keys and values of 256 rows of 64 tokens, 3 layers, 48 wide, twice, 4 bytes.
        Assert.That(stage.Memory!.Weights, Is.EqualTo(8.0 * stage.Parameters!.Value));
        Assert.That(stage.Memory.KeyValueCache, Is.EqualTo(256.0 * 64 * 2 * 3 * 48 * 4));
    }

    [Test]
    public void AModelThatIsNotThereYet_IsUnknown_UnlessTheUserTells()
    {
        var pipeline = Parse("""
              rl:
                uses: grpo
                inputs: { model: /models/none, prompts: /data/none.parquet }
            """);
        var unknown = PipelineEstimates.Of(pipeline, KnownInputs.None, s_settings).Single();
        Assert.That((unknown.Parameters, unknown.Flops, unknown.Memory, unknown.GpuHours), Is.EqualTo(((long?)null, (Amount?)null, (MemoryParts?)null, (Amount?)null)));
        Assert.That(unknown.SampledTokens, Is.Not.Null, "that follows from the options");
        Assert.That(unknown.Notes, Has.Some.Contains("--model"));

        var size = ModelSize.Of(new ModelShape(), vocabulary: 100);
        var told = PipelineEstimates.Of(pipeline, KnownInputs.None, s_settings with { Model = size }).Single();
        Assert.That(told.Parameters, Is.EqualTo(size.Parameters));
        Assert.That(told.Notes, Has.Some.Contains("--model"));
        var known = new KnownInputs(new Dictionary<string, DatasetFacts> { ["/data/none.parquet"] = new(10, 36) }, new Dictionary<string, ModelSize> { ["/models/none"] = size });
        // 100 steps of 512 completions, each 64 tokens and a prompt of 36.
        Assert.That(PipelineEstimates.Of(pipeline, known, s_settings).Single().SampledTokens!.Value, Is.EqualTo(100 * 512 * 100));
    }

    [Test]
    public void Lora_LearnsAndSavesTheAdapterAlone()
    {
        var pipeline = Parse("""
              tune:
                uses: sft
                inputs: { model: /models/m, dataset: /data/d.parquet }
                with: { lora: { rank: 4 } }
            """);
        var size = ModelSize.Of(new ModelShape(), vocabulary: 100);
        var known = new KnownInputs(new Dictionary<string, DatasetFacts> { ["/data/d.parquet"] = new(1280, 50) }, new Dictionary<string, ModelSize> { ["/models/m"] = size });
        var stage = PipelineEstimates.Of(pipeline, known, s_settings).Single();
        // Rank 4 on 3 layers: q and o 96 + 96, k and v 96 + 48, three of 96 + 256.
        Assert.That(stage.AdapterParameters, Is.EqualTo(4 * 3 * (2 * 192 + 2 * 144 + 3 * 352)));
        Assert.That(stage.Memory!.OptimizerState, Is.EqualTo(8.0 * stage.AdapterParameters!.Value));
        // 2 epochs of 1,280 rows of 50 tokens; 20 steps of 128. Backward costs once forward, as no gradient of a frozen weight is made.
        Assert.That((stage.TrainedTokens!.Value, stage.Steps!.Value), Is.EqualTo((128_000, 20)));
        Assert.That(stage.Flops!.Value, Is.EqualTo(128_000 * 2 * (2.0 * (3 * 101_376 + 100 * 96) + 2.0 * 3 * 96 * 50)).Within(1));
    }

    private static StageEstimate Estimate(string stage, EstimateSettings? settings = null) =>
        PipelineEstimates.Of(ResolvedPipelineTests.Good(), KnownInputs.None, settings ?? s_settings).Single(estimate => estimate.Stage == stage);

    private static ModelSize Size(string config) => ModelSize.Of(JsonNode.Parse(config)!.AsObject())!;

    private static Resolved.ResolvedPipeline Parse(string stages)
    {
        var loaded = PipelineFile.Parse($"apiVersion: pipeline/v1\nkind: Pipeline\nname: test\nstages:\n{stages}", "/test.yaml", checkPaths: false);
        Assert.That(loaded.Errors, Is.Empty);
        return loaded.Pipeline!;
    }
}
