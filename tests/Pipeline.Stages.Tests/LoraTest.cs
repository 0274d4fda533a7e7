using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Tests.Harness;
using Pipeline.Training.Models;
using Pipeline.Training.Safetensors;
using static TorchSharp.torch;

namespace Pipeline.Stages.Tests;

/// <summary>Stages that train an adapter instead of the weights.</summary>
public sealed class LoraTest
{
    private const string Rank4 = """ "lora": { "rank": 4, "alpha": 8 } """;

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Sft_WithAnAdapter_LearnsAndLeavesAModelAndTheAdapterThatMakesIt()
    {
        var attempt = Run("sft", $$"""{ "epochs": 8, "batch_size": 16, "learning_rate": 0.02, {{Rank4}} }""", ("dataset", Miniature.Data("cold_start")));
        var (first, last) = ((double)attempt.Metrics[0]["loss"]!, (double)attempt.Metrics[^1]["loss"]!);
        var adapter = Path.Combine(attempt.Output(), "adapter");
        Assert.That(last, Is.LessThan(0.9 * first), "it learns");

        ModelCopy.Write(Miniature.Base, _folder.Of("merged"), new(), adapter);
        using var scope = NewDisposeScope();
        using var ofStage = ModelFolder.LoadLanguageModel(attempt.Output());
        using var merged = ModelFolder.LoadLanguageModel(_folder.Of("merged"));
        using var plain = ModelFolder.LoadLanguageModel(Miniature.Base);
        var (expected, before) = (ModelWeights.Of(ofStage), ModelWeights.Of(plain));
        Assert.Multiple(() =>
        {
            foreach (var (name, weight) in ModelWeights.Of(merged))
            {
                Assert.That(weight.eq(expected[name]).all().item<bool>(), name);
                Assert.That(weight.eq(before[name]).all().item<bool>(), Is.EqualTo(!name.Contains("_proj", StringComparison.Ordinal)), name);
            }
            // Two layers; (inputs + outputs) * 4 of q 32+32, k and v 32+16, o 32+32, gate, up and down 32+64: 4 * (64 + 2*48 + 64 + 3*96) = 2,048 each.
            Assert.That(SafetensorsFile.Read(Path.Combine(adapter, "adapter_model.safetensors")).Values.Sum(tensor => tensor.numel()), Is.EqualTo(4_096));
            // Checkpoints hold the adapter and its two moments, not the model.
            var checkpoint = Directory.GetFiles(attempt.Folder.Checkpoints, "weights.safetensors", SearchOption.AllDirectories)[^1];
            Assert.That(new FileInfo(checkpoint).Length, Is.LessThan(4 * 4_096 + 8_192));
        });
    }

    [Test]
    public void Grpo_WithAnAdapter_HoldsThePolicyToItsBaseAndSamplesWhatItTrains()
    {
        var attempt = Run("grpo", $$"""
            { "steps": 3, "prompts_per_step": 4, "group_size": 4, "learning_rate": 0.05, "sampling": { "max_tokens": 16 }, "kl_coefficient": 0.01, {{Rank4}} }
            """, ("prompts", Miniature.Data("prompts")));
        Assert.Multiple(() =>
        {
            Assert.That((double)attempt.Metrics[0]["kl"]!, Is.Zero.Within(1e-6), "with the adapter off the policy is its reference");
            Assert.That((double)attempt.Metrics[2]["kl"]!, Is.GreaterThan(1e-5), "the policy has moved, the reference has not");
            foreach (var row in attempt.Metrics)
                Assert.That((double)row["sampling/sampling_logp_difference/mean"]!, Is.LessThan(1e-4), "the sampler reads the merged weights");
        });
    }

    [Test]
    public void RewardModel_WithAnAdapter_TrainsItsScoreWholeAndSavesIt()
    {
        var attempt = Run("reward_model", $$"""{ "epochs": 1, "batch_size": 32, "learning_rate": 0.02, {{Rank4}} }""", ("dataset", Miniature.Data("helpfulness")));
        using var scope = NewDisposeScope();
        var saved = SafetensorsFile.Read(Path.Combine(attempt.Output(), "adapter", "adapter_model.safetensors"));
        using var model = ModelFolder.LoadSequenceClassifier(attempt.Output());
        Assert.That(saved["base_model.model.score.weight"].eq(ModelWeights.Of(model)["score.weight"]).all().item<bool>());
        Assert.That(File.ReadAllText(Path.Combine(attempt.Output(), "adapter", "adapter_config.json")), Does.Contain("SEQ_CLS"));
    }

    [TestCase("grpo", """ "steps": 1, "reference": { "ema": {} } """, "the mean of two adapters")]
    [TestCase("sft", """ "epochs": 1 """, "targets", """ "lora": { "targets": ["c_attn"] } """)]
    public void Lora_ThatCannotBe_IsRefused(string kind, string options, string message, string lora = Rank4)
    {
        var attempt = Attempt.Of(_folder.Of(kind), kind, $"{{ {options}, {lora} }}",
            ("model", Miniature.Base), ("prompts", Miniature.Data("prompts")), ("dataset", Miniature.Data("cold_start")));
        Assert.That(attempt.Run(), Is.EqualTo(StageExit.Config));
        Assert.That(attempt.Error, Does.Contain(message));
    }

    private Attempt Run(string kind, string options, (string, string) data) =>
        Attempt.Of(_folder.Of(kind), kind, options, [("model", Miniature.Base), data],
            job => job with { Checkpoints = new CheckpointPolicy(EverySteps: 3) }).MustSucceed();
}
