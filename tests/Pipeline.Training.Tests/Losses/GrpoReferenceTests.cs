using System.Text.Json;
using Pipeline.Training.Losses;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Losses;

/// <summary>GRPO against tests/Reference/grpo.py.</summary>
public sealed class GrpoReferenceTests
{
    [Test]
    public void LossAndGradient_ForEveryCombinationOfSwitches_AreTheReferences()
    {
        using var scope = NewDisposeScope();
        var tensors = Reference.Read("grpo.safetensors");
        using var cases = JsonDocument.Parse(File.ReadAllText(Reference.PathOf("grpo.json")));
        foreach (var @case in cases.RootElement.EnumerateArray())
        {
            using var caseScope = NewDisposeScope();
            string Text(string name) => @case.GetProperty(name).GetString()!;
            double Number(string name) => @case.GetProperty(name).GetDouble();
            var advantages = Text("scaling") switch
            {
                "group" => Advantages.WithinGroup(tensors["rewards"]),
                "batch" => Advantages.WithinBatch(tensors["rewards"]),
                _ => Advantages.Centered(tensors["rewards"]),
            };
            KlPenalty? kl = Text("estimator") == "none" ? null
                : new KlPenalty(Number("beta"), Enum.Parse<KlEstimator>(Text("estimator"), ignoreCase: true));
            TokenReduction reduce = Text("reduction") == "sequence" ? (x, m) => SequenceMean.Of(x, m) : (x, m) => TokenMean.Of(x, m);
            var logProbs = tensors["log_probs"].clone().requires_grad_();
            var (loss, _) = Grpo.Of(logProbs, tensors["behavior"], advantages.view(-1), tensors["mask"].to(ScalarType.Bool),
                new ClipRange(Number("low"), Number("high")), reduce, kl, tensors["reference"]);
            loss.backward();

            var name = Text("name");
            Assert.That(loss.item<float>(), Is.EqualTo(tensors["loss." + name].item<float>()).Within(1e-6), @case.ToString());
            Assert.That(Reference.Difference(logProbs.grad!, tensors["gradient." + name]), Is.LessThan(5e-6), @case.ToString());
        }
    }
}
