using Pipeline.Training.Models;
using Pipeline.Training.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Models;

public sealed class ModelCopyTests
{
    private const string Weight = "model.layers.0.self_attn.q_proj.weight";

    private static readonly ModelConfig Tiny = new()
    {
        Family = ModelFamily.Qwen3, VocabSize = 11, HiddenSize = 8, IntermediateSize = 12, Layers = 1, Heads = 2, HeadDim = 6, MaxPositions = 16,
    };

    private TemporaryFolder _folder = null!;
    private DisposeScope _scope = null!;

    [SetUp]
    public void SetUp()
    {
        (_folder, _scope) = (new(), NewDisposeScope());
        using var model = new LanguageModel(Tiny, seed: 4);
        ModelFolder.Save(_folder["base"], model, new([3]));
        File.WriteAllText(Path.Combine(_folder["base"], "tokenizer.json"), "{}");
    }

    [TearDown]
    public void TearDown()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Write_AsBfloat16_RoundsEveryWeightAndTakesTheTokenizerAlong()
    {
        ModelCopy.Write(_folder["base"], _folder["new"], new(ScalarType.BFloat16));
        var summary = ModelFolder.Inspect(_folder["new"]);
        // Embedding 11 * 8; q 12 * 8, k and v likewise, o 8 * 12; three times 12 * 8; norms 2 * 8, 2 * 6 and 8: 88 + 4 * 96 + 288 + 36 = 796.
        Assert.That((summary.Parameters, summary.Bytes, summary.Files), Is.EqualTo((796L, 1_592L, 1)));
        Assert.That(summary.Types, Is.EqualTo(new[] { "BF16" }));
        using var before = ModelFolder.LoadLanguageModel(_folder["base"]);
        using var after = ModelFolder.LoadLanguageModel(_folder["new"]);
        Assert.That(after.OutputWeight.eq(before.OutputWeight.to(ScalarType.BFloat16)).all().item<bool>(), Is.True);
        Assert.That(File.Exists(Path.Combine(_folder["new"], "tokenizer.json")), Is.True);
        Assert.That(File.ReadAllText(Path.Combine(_folder["new"], "config.json")), Does.Contain("\"torch_dtype\": \"bfloat16\""));
    }

    [Test]
    public void Write_IntoAFolderThatIsNotEmpty_ChangesNothing() =>
        Assert.That(() => ModelCopy.Write(_folder["base"], _folder["base"], new()),
            Throws.TypeOf<TrainingException>().With.Property("Code").EqualTo(TrainingErrors.NotEmpty));

    [TestCase("", 2.0)] // alpha / r = 4 / 2
    [TestCase(", \"use_rslora\": true", 2.828427)] // 4 / sqrt(2)
    public void Write_WithAnAdapter_AddsTheScaledProduct(string setting, double scale)
    {
        var (a, b) = (randn(2, 8), randn(12, 2));
        Adapter($$"""{ "peft_type": "LORA", "r": 2, "lora_alpha": 4, "bias": "none", "target_modules": ["q_proj"]{{setting}} }""", a, b);
        ModelCopy.Write(_folder["base"], _folder["new"], new(), _folder["adapter"]);
        using var before = ModelFolder.LoadLanguageModel(_folder["base"]);
        using var after = ModelFolder.LoadLanguageModel(_folder["new"]);
        var (old, merged) = (ModelWeights.Of(before), ModelWeights.Of(after));
        Assert.That(Reference.Difference(merged[Weight], old[Weight] + scale * b.matmul(a)), Is.LessThan(1e-6));
        foreach (var (name, weight) in merged.Where(weight => weight.Key != Weight)) Assert.That(weight.eq(old[name]).all().item<bool>(), Is.True, name);
    }

    [TestCase("""{ "peft_type": "IA3" }""", TrainingErrors.Unsupported, "IA3")]
    [TestCase("""{ "peft_type": "LORA", "lora_alpha": 4, "use_dora": true }""", TrainingErrors.Unsupported, "use_dora")]
    [TestCase("""{ "peft_type": "LORA", "lora_alpha": 4, "rank_pattern": { "q": 3 } }""", TrainingErrors.Unsupported, "rank_pattern")]
    [TestCase("""{ "peft_type": "LORA", "lora_alpha": 4, "bias": "all" }""", TrainingErrors.Unsupported, "bias is all")]
    [TestCase("""{ "peft_type": "LORA" }""", TrainingErrors.BadConfig, "adapter_config.json")]
    public void Write_WithAnAdapterThatIsNotPlainLora_SaysWhat(string config, string code, string message)
    {
        Adapter(config, randn(2, 8), randn(12, 2));
        Refused(code, message);
    }

    [Test]
    public void Write_WithAnAdapterOfAnotherShape_NamesTheShapes()
    {
        Adapter("""{ "peft_type": "LORA", "lora_alpha": 4 }""", randn(2, 9), randn(12, 2));
        Refused(TrainingErrors.WrongTensors, "[12, 2] times [2, 9] for " + Weight + ", which is [12, 8]");
    }

    private void Refused(string code, string message) =>
        Assert.That(() => ModelCopy.Write(_folder["base"], _folder["new"], new(), _folder["adapter"]), Throws.TypeOf<TrainingException>()
            .With.Property("Code").EqualTo(code).And.Message.Contains(message));

    private void Adapter(string config, Tensor a, Tensor b)
    {
        var stem = "base_model.model." + Weight[..^".weight".Length];
        Directory.CreateDirectory(_folder["adapter"]);
        File.WriteAllText(Path.Combine(_folder["adapter"], "adapter_config.json"), config);
        SafetensorsFile.Write(Path.Combine(_folder["adapter"], "adapter_model.safetensors"),
            new Dictionary<string, Tensor> { [stem + ".lora_A.weight"] = a, [stem + ".lora_B.weight"] = b });
    }
}
