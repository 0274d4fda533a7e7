using System.Text.Json.Nodes;
using Pipeline.Training.Losses;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Losses;

/// <summary>DPO against tests/Reference/dpo.py.</summary>
public sealed class DpoReferenceTests
{
    [Test]
    public void LossAndGradient_ForEverySetting_AreTheReferences()
    {
        using var scope = NewDisposeScope();
        var tensors = Reference.Read("dpo.safetensors");
        var cases = JsonNode.Parse(File.ReadAllText(Reference.PathOf("dpo.json")))!.AsArray();
        Assert.That(cases, Has.Count.EqualTo(9));
        for (var number = 0; number < cases.Count; number++)
        {
            var (chosen, rejected) = (tensors["chosen"].clone().requires_grad_(), tensors["rejected"].clone().requires_grad_());
            var (loss, chosenRewards, rejectedRewards) = Dpo.Of(chosen, rejected, tensors["reference_chosen"], tensors["reference_rejected"],
                (double)cases[number]!["beta"]!, (double)cases[number]!["label_smoothing"]!);
            loss.mean().backward();

            Assert.That(Reference.Difference(loss, tensors[$"loss.{number}"]), Is.LessThan(1e-6), cases[number]!.ToJsonString());
            Assert.That(Reference.Difference(stack([chosen.grad!, rejected.grad!]), tensors[$"gradient.{number}"]), Is.LessThan(1e-5), cases[number]!.ToJsonString());
            Assert.That((chosenRewards.requires_grad, rejectedRewards.requires_grad), Is.EqualTo((false, false)));
        }
    }

    [Test]
    public void Loss_PolicyIsTheReference_IsTheSurpriseOfACoin() =>
        // Both margins are 0: -log sigmoid(0) = ln 2, whatever beta and smoothing are.
        Assert.That(Dpo.Of(ones(1), zeros(1), ones(1), zeros(1), beta: 0.3, labelSmoothing: 0.2).Loss.item<float>(), Is.EqualTo(MathF.Log(2)).Within(1e-6f));
}
