using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Models;

public sealed class LanguageModelTests
{
    private static readonly ModelConfig Tiny = new()
    {
        Family = ModelFamily.Qwen2, VocabSize = 11, HiddenSize = 8, IntermediateSize = 12, Layers = 2, Heads = 4,
        KeyValueHeads = 2, MaxPositions = 16, TieEmbeddings = false,
    };

    [Test]
    public void Parameters_OfAnUntiedQwen2_HaveHuggingFaceNamesAndShapes()
    {
        using var model = new LanguageModel(Tiny, seed: 1);
        var shapes = ModelWeights.Of(model).Select(w => $"{w.Key} {string.Join("x", w.Value.shape)}");
        string[] layer =
        [
            "input_layernorm.weight 8", "mlp.down_proj.weight 8x12", "mlp.gate_proj.weight 12x8", "mlp.up_proj.weight 12x8",
            "post_attention_layernorm.weight 8", "self_attn.k_proj.bias 4", "self_attn.k_proj.weight 4x8",
            "self_attn.o_proj.weight 8x8", "self_attn.q_proj.bias 8", "self_attn.q_proj.weight 8x8",
            "self_attn.v_proj.bias 4", "self_attn.v_proj.weight 4x8",
        ];
        string[] expected =
        [
            "lm_head.weight 11x8", "model.embed_tokens.weight 11x8", "model.norm.weight 8",
            .. layer.Select(name => "model.layers.0." + name), .. layer.Select(name => "model.layers.1." + name),
        ];
        Assert.That(shapes, Is.EquivalentTo(expected));
    }

    [Test]
    public void Weights_OfAModelBuiltInADisposeScope_OutliveTheScope()
    {
        LanguageModel model;
        using (NewDisposeScope()) model = new LanguageModel(Tiny, seed: 1);
        using (model)
        using (NewDisposeScope())
            Assert.That(model.call(zeros([1, 3], ScalarType.Int64)).shape, Is.EqualTo(new long[] { 1, 3, 11 }));
    }

    [Test]
    public void Weights_OfTwoModelsWithOneSeed_AreEqualWhateverTheGlobalGeneratorDid()
    {
        using var scope = NewDisposeScope();
        using var first = new LanguageModel(Tiny, seed: 7);
        _ = randn(3);
        using var second = new LanguageModel(Tiny, seed: 7);
        using var other = new LanguageModel(Tiny, seed: 8);
        Assert.That(first.OutputWeight.eq(second.OutputWeight).all().item<bool>(), Is.True);
        Assert.That(first.OutputWeight.eq(other.OutputWeight).any().item<bool>(), Is.False);
    }

    [Test]
    public void HiddenStates_OfARowPaddedOnTheRight_AreThoseOfTheRowAlone()
    {
        using var scope = NewDisposeScope();
        using var model = new LanguageModel(Tiny, seed: 1);
        var alone = model.HiddenStates(tensor(new long[] { 3, 1, 4 }).unsqueeze(0));
        var padded = model.HiddenStates(tensor(new long[] { 3, 1, 4, 0, 0 }).unsqueeze(0));
        Assert.That(padded.narrow(1, 0, 3).allclose(alone, rtol: 1e-6, atol: 1e-7), Is.True);
    }

    [Test]
    public void HiddenStates_OfPackedDocuments_AreThoseOfEachDocumentAlone()
    {
        using var scope = NewDisposeScope();
        using var model = new LanguageModel(Tiny, seed: 1);
        var first = model.HiddenStates(tensor(new long[] { 3, 1, 4 }).unsqueeze(0));
        var second = model.HiddenStates(tensor(new long[] { 5, 9 }).unsqueeze(0));
        // The other row is one document, so that both kinds of row share a batch; 0 0 pads the first.
        var packed = model.HiddenStates(
            tensor(new long[] { 3, 1, 4, 5, 9, 0, 0, 2, 6, 5, 3, 5, 8, 9 }, [2, 7]),
            tensor(new long[] { 0, 0, 0, 1, 1, 2, 2, 0, 0, 0, 0, 0, 0, 0 }, [2, 7]));
        Assert.That(packed[0].narrow(0, 0, 3).allclose(first[0], rtol: 1e-5, atol: 1e-6), Is.True);
        Assert.That(packed[0].narrow(0, 3, 2).allclose(second[0], rtol: 1e-5, atol: 1e-6), Is.True);
        Assert.That(packed.isfinite().all().item<bool>(), Is.True, "the padding sees itself");
        var unpacked = model.HiddenStates(tensor(new long[] { 2, 6, 5, 3, 5, 8, 9 }).unsqueeze(0));
        Assert.That(packed[1].allclose(unpacked[0], rtol: 1e-5, atol: 1e-6), Is.True);
    }

    [Test]
    public void Gradients_WithActivationCheckpointing_AreThoseWithoutBitForBit()
    {
        using var scope = NewDisposeScope();
        using var model = new LanguageModel(Tiny, seed: 1);
        var tokens = tensor(new long[] { 3, 1, 4, 1, 5, 9, 2, 6 }, [2, 4]);
        var documents = tensor(new long[] { 0, 0, 1, 1, 0, 0, 0, 1 }, [2, 4]);

        var kept = Gradients();
        model.Transformer.ActivationCheckpointing = true;
        var recomputed = Gradients();

        Assert.That(recomputed.Keys, Is.EquivalentTo(kept.Keys));
        foreach (var (name, gradient) in kept) Assert.That(recomputed[name].eq(gradient).all().item<bool>(), Is.True, name);

        Dictionary<string, Tensor> Gradients()
        {
            foreach (var weight in ModelWeights.Of(model).Values) weight.grad = null;
            model.HiddenStates(tokens, documents).square().sum().backward();
            return ModelWeights.Of(model).Where(w => w.Value.grad is not null).ToDictionary(w => w.Key, w => w.Value.grad!);
        }
    }

    [Test]
    public void HiddenStates_OfARowLongerThanThePositions_NamesBothLengths()
    {
        using var model = new LanguageModel(Tiny, seed: 1);
        using var tokens = zeros([1, 17], ScalarType.Int64);
        Assert.That(() => model.HiddenStates(tokens), Throws.TypeOf<TrainingException>()
            .With.Property("Code").EqualTo(TrainingErrors.SequenceTooLong).And.Message.Contains("17").And.Message.Contains("16"));
    }
}
