using Pipeline.Training.Models;
using Pipeline.Training.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Models;

public sealed class ModelFolderTests
{
    private static readonly ModelConfig Tiny = new()
    {
        VocabSize = 11, HiddenSize = 8, IntermediateSize = 12, Layers = 1, Heads = 2, KeyValueHeads = 1, HeadDim = 6, MaxPositions = 16,
        RmsNormEpsilon = 1e-5, RopeTheta = 1234, TieEmbeddings = false,
    };

    private static readonly GenerationConfig Generation = new([3, 5], BosTokenId: 1, PadTokenId: 0);

    private TemporaryFolder _folder = null!;
    private DisposeScope _scope = null!;

    [SetUp]
    public void SetUp() => (_folder, _scope) = (new(), NewDisposeScope());

    [TearDown]
    public void TearDown()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [TestCase(ModelFamily.Llama, true)]
    [TestCase(ModelFamily.Qwen2, false)]
    [TestCase(ModelFamily.Qwen3, false)]
    public void Load_OfASavedLanguageModel_GivesShapeWeightsAndEndTokens(ModelFamily family, bool tied)
    {
        using var saved = new LanguageModel(Tiny with { Family = family, TieEmbeddings = tied }, seed: 4);
        ModelFolder.Save(_folder.Path, saved, Generation);
        using var loaded = ModelFolder.LoadLanguageModel(_folder.Path);
        Assert.That(loaded.Config, Is.EqualTo(saved.Config));
        var expected = ModelWeights.Of(saved);
        foreach (var (name, weight) in ModelWeights.Of(loaded)) Assert.That(weight.eq(expected[name]).all().item<bool>(), Is.True, name);
        var generation = ModelFolder.ReadGeneration(_folder.Path);
        Assert.That(generation.EosTokenIds, Is.EqualTo(new[] { 3, 5 }));
        Assert.That((generation.BosTokenId, generation.PadTokenId), Is.EqualTo(((int?)1, (int?)0)));
    }

    [Test]
    public void Load_OfASavedClassifier_ScoresTheLastRealToken()
    {
        using var model = new SequenceClassifier(Tiny, seed: 4);
        ModelFolder.Save(_folder.Path, model, Generation);
        using var loaded = ModelFolder.LoadSequenceClassifier(_folder.Path);
        var scores = loaded.call(TokenBatch.Pad([[1, 2, 3], [4, 5]], 3), tensor(new long[] { 3, 2 }));
        var alone = model.call(TokenBatch.Pad([[4, 5]], 2), tensor(new long[] { 2 }));
        Assert.That(scores[1].item<float>(), Is.EqualTo(alone[0].item<float>()).Within(1e-7f), "padding is not scored");
        Assert.That(File.ReadAllText(_folder["config.json"]), Does.Contain("LlamaForSequenceClassification"));
        Assert.That(ModelWeights.Of(loaded)["score.weight"].shape, Is.EqualTo(new long[] { 1, 8 }));
    }

    [Test]
    public void CopyTransformer_FromALanguageModel_GivesARewardModelItsHiddenStates()
    {
        using var from = new LanguageModel(Tiny, seed: 4);
        using var to = new SequenceClassifier(Tiny, seed: 5);
        ModelWeights.CopyTransformer(from.Transformer, to.Transformer);
        var tokens = TokenBatch.Pad([[1, 2, 3]], 3);
        Assert.That(to.Transformer.call(tokens, null).eq(from.HiddenStates(tokens)).all().item<bool>(), Is.True);
    }

    [Test]
    public void Load_OfShardsUnderAnIndex_GivesTheSameModel()
    {
        using var saved = new LanguageModel(Tiny, seed: 4);
        ModelFolder.Save(_folder.Path, saved, Generation);
        var weights = ModelWeights.Of(saved).ToList();
        SafetensorsFile.Write(_folder["a.safetensors"], weights.Take(3).ToDictionary());
        SafetensorsFile.Write(_folder["b.safetensors"], weights.Skip(3).ToDictionary());
        File.Delete(_folder["model.safetensors"]);
        var map = weights.Select((w, i) => $"\"{w.Key}\": \"{(i < 3 ? "a" : "b")}.safetensors\"");
        File.WriteAllText(_folder["model.safetensors.index.json"], $$"""{"weight_map": { {{string.Join(", ", map)}} } }""");
        using var loaded = ModelFolder.LoadLanguageModel(_folder.Path);
        Assert.That(loaded.OutputWeight.eq(saved.OutputWeight).all().item<bool>(), Is.True);
    }

    [Test]
    public void Save_BeyondTheShardsSize_WritesShardsUnderAnIndexThatGiveTheModelBack()
    {
        // Float16: the two matrices [11, 8] have 176 bytes each, so neither shares a file of 200 with the other.
        using var saved = new LanguageModel(Tiny, seed: 4);
        ModelFolder.Save(_folder.Path, saved, Generation, new(ScalarType.Float16, ShardBytes: 200));
        var shards = Directory.GetFiles(_folder.Path, "model-*.safetensors");
        Assert.That(shards, Has.Length.GreaterThan(2));
        Assert.That(shards.Select(shard => SafetensorsFile.Read(shard).Values.Sum(t => t.numel() * 2)), Has.All.LessThanOrEqualTo(200));
        using var loaded = ModelFolder.LoadLanguageModel(_folder.Path);
        var expected = ModelWeights.Of(saved);
        foreach (var (name, weight) in ModelWeights.Of(loaded))
            Assert.That(weight.eq(expected[name].to(ScalarType.Float16)).all().item<bool>(), Is.True, name);

        ModelFolder.Save(_folder.Path, saved, Generation);
        using var whole = ModelFolder.LoadLanguageModel(_folder.Path);
        Assert.That(whole.OutputWeight.eq(saved.OutputWeight).all().item<bool>(), Is.True, "the shards' index leads nobody astray");
    }

    [Test]
    public void Load_OfTensorsThatDoNotFit_NamesTensorAndShapes()
    {
        using var saved = new LanguageModel(Tiny, seed: 4);
        ModelFolder.Save(_folder.Path, saved, Generation);
        var weights = ModelWeights.Of(saved).ToDictionary();
        Expect(weights.Where(w => w.Key != "model.norm.weight").ToDictionary(), "model.norm.weight [8] is missing");
        Expect(weights.Append(new("model.extra", zeros(2))).ToDictionary(), "model.extra [2] is not part");
        Expect(new(weights) { ["lm_head.weight"] = zeros(12, 8) }, "lm_head.weight has shape [12, 8], the model expects [11, 8]");

        void Expect(Dictionary<string, Tensor> tensors, string message)
        {
            SafetensorsFile.Write(_folder["model.safetensors"], tensors);
            Assert.That(() => ModelFolder.LoadLanguageModel(_folder.Path), Throws.TypeOf<TrainingException>()
                .With.Property("Code").EqualTo(TrainingErrors.WrongTensors).And.Message.Contains(message));
        }
    }

    [TestCase("""{"model_type":"gpt2"}""", TrainingErrors.Unsupported, "llama (2 and 3), qwen2 (also 2.5) and qwen3")]
    [TestCase("""{"model_type":"llama","hidden_act":"gelu"}""", TrainingErrors.Unsupported, "gelu")]
    [TestCase("""{"model_type":"llama","num_attention_heads":4}""", TrainingErrors.BadConfig, "vocab_size is missing")]
    [TestCase("""{"model_type":"llama","vocab_size":4,"hidden_size":8,"intermediate_size":8,"num_hidden_layers":1,"num_attention_heads":4,"rope_scaling":{"rope_type":"llama3"}}""", TrainingErrors.BadConfig, "factor is missing")]
    [TestCase("""{"model_type":"llama","vocab_size":4,"hidden_size":8,"intermediate_size":8,"num_hidden_layers":1,"num_attention_heads":4,"rope_scaling":{"type":"yarn"}}""", TrainingErrors.Unsupported, "yarn; supported are default, linear and llama3")]
    [TestCase("""{"model_type":"llama","vocab_size":4,"hidden_size":8,"intermediate_size":8,"num_hidden_layers":1,"num_attention_heads":4,"rope_scaling":{"type":"linear","factor":0}}""", TrainingErrors.BadConfig, "factor is 0")]
    [TestCase("""{"model_type":"qwen3","attention_bias":true}""", TrainingErrors.Unsupported, "attention_bias")]
    [TestCase("""{"model_type":"llama","vocab_size":4,"hidden_size":8,"intermediate_size":8,"num_hidden_layers":1,"num_attention_heads":4,"num_key_value_heads":3}""", TrainingErrors.BadConfig, "multiple")]
    [TestCase("""{"model_type":"llama","vocab_size":"x"}""", TrainingErrors.BadConfig, "config.json")]
    [TestCase("{", TrainingErrors.BadConfig, "config.json")]
    public void ReadConfig_OfWhatIsNotSupported_SaysWhat(string json, string code, string message)
    {
        File.WriteAllText(_folder["config.json"], json);
        Assert.That(() => ModelFolder.ReadConfig(_folder.Path), Throws.TypeOf<TrainingException>()
            .With.Property("Code").EqualTo(code).And.Message.Contains(message));
    }

    [Test]
    public void ReadConfig_OfNoModelFolder_SaysSo() =>
        Assert.That(() => ModelFolder.ReadConfig(_folder.Path), Throws.TypeOf<TrainingException>().With.Property("Code").EqualTo(TrainingErrors.NotFound));
}
