using System.Text.Json;
using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using Pipeline.Training.Models.Lora;
using Pipeline.Training.Safetensors;
using Pipeline.Training.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Models;

/// <summary>Adapters against tests/Reference/lora.py, and against the models that they are merged into.</summary>
public sealed class LoraAdapterTests
{
    private static readonly string[] s_all = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    private DisposeScope _scope = null!;

    [SetUp]
    public void SetUp() => _scope = NewDisposeScope();

    [TearDown]
    public void TearDown() => _scope.Dispose();

    [TestCase(0, false)]
    [TestCase(1, false)]
    [TestCase(0, true)]
    [TestCase(1, true)]
    public void LossAndGradients_OfEveryPair_AreTheReferences(int number, bool checkpointing)
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(Reference.PathOf("lora.json")));
        var of = settings.RootElement[number];
        var name = of.GetProperty("model").GetString()!;
        using var model = ModelFolder.LoadLanguageModel(Reference.PathOf(name));
        using var adapter = new LoraAdapter(model, new(of.GetProperty("rank").GetInt32(), of.GetProperty("alpha").GetDouble(),
            [.. of.GetProperty("targets").EnumerateArray().Select(target => target.GetString()!)]), seed: 1);
        model.Transformer.ActivationCheckpointing = checkpointing;
        var expected = Reference.Read($"lora-{name}.safetensors");
        ModelWeights.Load(Weights(adapter), adapter.Weights.Keys.ToDictionary(weight => weight, weight => expected[weight]), name);
        var loss = Loss(model, expected["tokens"]);
        loss.backward();

        Assert.That(Reference.Difference(loss, expected["loss"]), Is.LessThan(1e-6));
        foreach (var (weight, learnt) in adapter.Weights)
            Assert.That(Reference.Difference(learnt.grad!, expected["gradient." + weight]), Is.LessThan(3e-5), weight);
        Assert.That(ModelWeights.Of(model).Values.Select(weight => weight.grad), Is.All.Null, "the base is frozen");
    }

    [Test]
    public void Adapter_AtFirst_ChangesNoBitAndIsDrawnWithinItsBound()
    {
        using var model = Model();
        var (tokens, before) = (Tokens(), model.call(Tokens()));
        using var adapter = new LoraAdapter(model, new(4, 8, s_all), seed: 1);
        Assert.That(model.call(tokens).eq(before).all().item<bool>());
        // Uniform on +-1 / sqrt(32): deviation 1 / sqrt(3 * 32) = 0.102; of 4 * 32 draws the estimate is within 0.01.
        var down = adapter.Weights["model.layers.0.self_attn.q_proj.lora_A.weight"];
        Assert.That(down.abs().max().item<float>(), Is.LessThan(0.17678f));
        Assert.That(down.std().item<float>(), Is.EqualTo(0.102f).Within(0.01f));
    }

    [Test]
    public void Merge_OfALearntAdapter_ComputesAndSamplesTheSame()
    {
        using var model = Model();
        using var adapter = Learnt(model);
        var (tokens, beside, sampled) = (Tokens(), model.call(Tokens()), Sample(model));
        adapter.Merge();
        Assert.Multiple(() =>
        {
            Assert.That(Reference.Difference(model.call(tokens), beside), Is.LessThan(2e-6));
            Assert.That(Sample(model), Is.EqualTo(sampled), "the sampler computes with merged weights, so to the bit");
        });
        using var plain = Model();
        Assert.That(Sample(plain), Is.Not.EqualTo(sampled), "the adapter must make a difference, or the test shows nothing");
    }

    [Test]
    public void Save_ThenMergedFromItsFolder_IsTheMergedModelToTheBit()
    {
        using var folder = new TemporaryFolder();
        using var model = Model();
        ModelFolder.Save(folder["base"], model, new([3]));
        using var adapter = Learnt(model);
        PeftFolder.Save(folder["adapter"], adapter);
        adapter.Merge();
        ModelCopy.Write(folder["base"], folder["merged"], new(), folder["adapter"]);
        using var merged = ModelFolder.LoadLanguageModel(folder["merged"]);
        var expected = ModelWeights.Of(model);
        foreach (var (name, weight) in ModelWeights.Of(merged)) Assert.That(weight.eq(expected[name]).all().item<bool>(), name);

        // PEFT's names: its two wrappers, the module's name, the matrix.
        Assert.That(SafetensorsFile.Read(Path.Combine(folder["adapter"], "adapter_model.safetensors")).Keys,
            Does.Contain("base_model.model.model.layers.1.mlp.down_proj.lora_A.weight").And.Contain("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight"));
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["adapter"], "adapter_config.json")));
        Assert.That(config.RootElement.GetProperty("task_type").GetString(), Is.EqualTo("CAUSAL_LM"));
        Assert.That(config.RootElement.GetProperty("target_modules").GetArrayLength(), Is.EqualTo(7));
    }

    [Test]
    public void Use_OfACopyFromTheBeginning_IsTheBaseAndOnlyForAWhile()
    {
        using var model = Model();
        var (tokens, before) = (Tokens(), model.call(Tokens()));
        using var adapter = new LoraAdapter(model, new(4, 8, s_all), seed: 1);
        using var reference = adapter.Copy();
        Disturb(adapter);
        var learnt = model.call(tokens);
        using (reference.Use()) Assert.That(model.call(tokens).eq(before).all().item<bool>());
        Assert.That(model.call(tokens).eq(learnt).all().item<bool>());
        Assert.That(learnt.eq(before).all().item<bool>(), Is.False);
    }

    [Test]
    public void Dropout_OfAStep_DependsOnTheStepAloneAndIsTheSameWhenALayerIsComputedAgain()
    {
        var plain = Gradient(step: 3, checkpointing: false, after: 0);
        Assert.Multiple(() =>
        {
            Assert.That(Gradient(step: 3, checkpointing: true, after: 5).eq(plain).all().item<bool>());
            Assert.That(Gradient(step: 4, checkpointing: false, after: 0).eq(plain).all().item<bool>(), Is.False);
        });

        static Tensor Gradient(int step, bool checkpointing, int after)
        {
            using var model = Model();
            using var adapter = new LoraAdapter(model, new(4, 8, s_all, Dropout: 0.3), seed: 1);
            Disturb(adapter);
            model.Transformer.ActivationCheckpointing = checkpointing;
            for (var before = 0; before < after; before++) _ = Loss(model, Tokens());
            adapter.BeginStep(step);
            Loss(model, Tokens()).backward();
            return adapter.Weights["model.layers.0.mlp.down_proj.lora_A.weight"].grad!.clone();
        }
    }

    [Test]
    public void Dropout_WithoutGradient_LeavesNothingOut()
    {
        using var model = Model();
        using var adapter = new LoraAdapter(model, new(4, 8, s_all, Dropout: 0.3), seed: 1);
        Disturb(adapter);
        using var noGradient = no_grad();
        Assert.That(model.call(Tokens()).eq(model.call(Tokens())).all().item<bool>());
    }

    [Test]
    public void Adapter_OfALayerThatIsNotThere_NamesThoseThatAre()
    {
        using var model = Model();
        Assert.That(() => new LoraAdapter(model, new(4, 8, ["c_attn"]), seed: 1), Throws.TypeOf<TrainingException>()
            .With.Message.EqualTo("No linear layer is called c_attn; there are down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj."));
    }

    private static LanguageModel Model() => new(new()
    {
        Family = ModelFamily.Qwen2, VocabSize = 20, HiddenSize = 32, IntermediateSize = 48, Layers = 2, Heads = 4, KeyValueHeads = 2,
        MaxPositions = 32, InitializerRange = 0.2,
    }, seed: 1);

    private static LoraAdapter Learnt(LanguageModel model)
    {
        var adapter = new LoraAdapter(model, new(4, 8, s_all), seed: 1);
        Disturb(adapter);
        return adapter;
    }

    /// <summary>Gives B values, as learning does.</summary>
    private static void Disturb(LoraAdapter adapter)
    {
        using var noGradient = no_grad();
        using var generator = new Generator(5);
        foreach (var (name, weight) in adapter.Weights)
            if (name.Contains("lora_B", StringComparison.Ordinal)) weight.normal_(0, 0.1, generator);
    }

    private static Tensor Tokens() => arange(30, ScalarType.Int64).view(2, 15).remainder(20);

    private static Tensor Loss(LanguageModel model, Tensor tokens)
    {
        var seq = tokens.shape[1];
        var mask = ones([tokens.shape[0], seq - 1], ScalarType.Bool);
        var (logProbs, _) = ChunkedTokenLogProbs.Of(model.HiddenStates(tokens.narrow(1, 0, seq - 1)), model.OutputWeight, tokens.narrow(1, 1, seq - 1), mask);
        return CrossEntropy.Of(logProbs, mask);
    }

    private static int[] Sample(LanguageModel model) =>
        [.. new Sampler(model).Sample([[1, 2, 3], [4]], new() { MaxNewTokens = 20, EosTokenIds = [19], Seed = 3 }).SelectMany(completion => completion.Tokens)];

    private static Dictionary<string, Tensor> Weights(LoraAdapter adapter) => adapter.Weights.ToDictionary(weight => weight.Key, weight => (Tensor)weight.Value);
}
