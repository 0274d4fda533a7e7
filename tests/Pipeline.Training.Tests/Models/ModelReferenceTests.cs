using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Models;

/// <summary>The model against tests/Reference/model.py.</summary>
[TestFixture("llama-tied")]
[TestFixture("llama-untied")]
[TestFixture("qwen2-tied")]
[TestFixture("qwen2-untied")]
[TestFixture("llama3-scaled")]
[TestFixture("llama-linear")]
[TestFixture("qwen3-tied")]
[TestFixture("qwen3-untied")]
public sealed class ModelReferenceTests(string name)
{
    [Test]
    public void Logits_OfBothRows_AreTheReferences()
    {
        using var scope = NewDisposeScope();
        using var model = ModelFolder.LoadLanguageModel(Reference.PathOf(name));
        var expected = Reference.Read($"{name}/expected.safetensors");
        var logits = model.call(expected["tokens"]).masked_fill(~RealTokens(expected).unsqueeze(-1), 0);
        Assert.That(Reference.Difference(logits, expected["logits"]), Is.LessThan(5e-6));
    }

    [Test]
    public void LossAndGradients_OfEveryParameter_AreTheReferences()
    {
        using var scope = NewDisposeScope();
        using var model = ModelFolder.LoadLanguageModel(Reference.PathOf(name));
        var expected = Reference.Read($"{name}/expected.safetensors");
        var (tokens, seq) = (expected["tokens"], expected["tokens"].shape[1]);
        var mask = RealTokens(expected).narrow(1, 1, seq - 1);
        var (logProbs, _) = ChunkedTokenLogProbs.Of(
            model.HiddenStates(tokens.narrow(1, 0, seq - 1)), model.OutputWeight, tokens.narrow(1, 1, seq - 1), mask);
        var loss = CrossEntropy.Of(logProbs, mask);
        loss.backward();

        Assert.That(Reference.Difference(loss, expected["loss"]), Is.LessThan(1e-6));
        foreach (var (parameter, weight) in ModelWeights.Of(model))
            Assert.That(Reference.Difference(weight.grad!, expected["gradient." + parameter]), Is.LessThan(1e-5), parameter);
    }

    private static Tensor RealTokens(Dictionary<string, Tensor> expected) =>
        arange(expected["tokens"].shape[1]).unsqueeze(0) < expected["lengths"].unsqueeze(-1); // [batch, seq]
}
