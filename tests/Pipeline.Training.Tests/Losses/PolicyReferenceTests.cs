using System.Text.Json.Nodes;
using Pipeline.Training.Losses;
using Pipeline.Training.Losses.Policy;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Losses;

/// <summary>The policy losses against tests/Reference/policy.py.</summary>
public sealed class PolicyReferenceTests
{
    [Test]
    public void LossAndGradient_ForEveryLegalCombinationOfSwitches_AreTheReferences()
    {
        using var scope = NewDisposeScope();
        var tensors = Reference.Read("policy.safetensors");
        var json = JsonNode.Parse(File.ReadAllText(Reference.PathOf("policy.json")))!;
        var cases = Combinations(json["switches"]!.AsObject()).ToList();
        Assert.That(cases, Has.Count.EqualTo(tensors["expected"].shape[0]), "11 objectives x 2 clips x 2 x 4 x 2 x 3");
        foreach (var (@case, number) in cases.Select((@case, number) => (@case, number)))
        {
            using var caseScope = NewDisposeScope();
            var logits = tensors["logits"].clone().requires_grad_();
            var loss = LossOf(tensors, logits, @case, (long)json["length"]!);
            loss.backward();

            var expected = tensors["expected"][number].data<float>().ToArray();
            var gradient = logits.grad!;
            float[] actual =
            [
                loss.item<float>(), gradient.norm().item<float>(),
                .. (gradient * tensors["probes"]).sum([1, 2, 3]).data<float>(),
            ];
            for (var i = 0; i < expected.Length; i++)
                Assert.That(actual[i], Is.EqualTo(expected[i]).Within(2e-6 + 2e-5 * Math.Abs(expected[i])), $"number {i} of {Words(@case)}");
        }
    }

    /// <summary>On the sampler's own weights, and before any update, a correction changes the value of nothing.</summary>
    [Test]
    public void ImportanceCorrection_SamplerIsThePolicy_LeavesLossAndGradient()
    {
        using var scope = NewDisposeScope();
        var tensors = Reference.Read("policy.safetensors");
        var (plain, corrected) = (tensors["proximal"].clone().requires_grad_(), tensors["proximal"].clone().requires_grad_());
        Grpo.Of(Batch(tensors, plain, tensors["proximal"]), new(new(0.2, 0.2))).Loss.backward();
        Grpo.Of(Batch(tensors, corrected, tensors["proximal"]), new(new(0.2, 0.2)) { Importance = new(Cap: 2) }).Loss.backward();
        Assert.That(Reference.Difference(corrected.grad!, plain.grad!), Is.LessThan(1e-6));
    }

    private static Tensor LossOf(Dictionary<string, Tensor> tensors, Tensor logits, IReadOnlyDictionary<string, JsonNode?> @case, long length)
    {
        var (name, scale) = ((string)@case["objective"]![0]!, (string)@case["objective"]![1]!);
        var advantages = scale switch
        {
            "group" => Advantages.WithinGroup(tensors["rewards"]),
            "batch" => Advantages.WithinBatch(tensors["rewards"]),
            "none" => Advantages.Centered(tensors["rewards"]),
            _ => Advantages.LeaveOneOut(tensors["rewards"]),
        };
        var terms = new PolicyTerms(new((double)@case["clip"]![0]!, (double)@case["clip"]![1]!, (double?)@case["dual"]))
        {
            Kl = @case["kl"] is { } kl ? new KlPenalty((double)kl[1]!, Enum.Parse<KlEstimator>((string)kl[0]!, ignoreCase: true)) : null,
            EntropyBonus = (double)@case["entropy_bonus"]!,
            Importance = @case["importance"] is { } cap ? new ImportanceCorrection((double)cap[0]!, (string)cap[1]! == "sequence") : null,
        };
        var logSoftmax = nn.functional.log_softmax(logits, -1);
        var mask = tensors["mask"].to(ScalarType.Bool);
        var batch = Batch(tensors, TokenLogProbs.Of(logits, tensors["tokens"]), tensors["behavior"], advantages) with
        {
            Entropy = (-(logSoftmax.exp() * logSoftmax).sum(-1)).masked_fill(~mask, 0),
        };
        return (name switch
        {
            "grpo" => Grpo.Of(batch, terms),
            "dapo" => Dapo.Of(batch, terms),
            "gspo" => Gspo.Of(batch, terms),
            "dr_grpo" => DrGrpo.Of(batch, terms, length),
            _ => Rloo.Of(batch, terms),
        }).Loss;
    }

    private static PolicyBatch Batch(Dictionary<string, Tensor> tensors, Tensor logProbs, Tensor behavior, Tensor? advantages = null)
    {
        var mask = tensors["mask"].to(ScalarType.Bool);
        var step = new StepSize(mask.shape[0], mask.sum().item<long>());
        return new(logProbs, behavior, (advantages ?? Advantages.WithinGroup(tensors["rewards"])).reshape(-1), mask, step)
        {
            ProximalLogProbs = tensors["proximal"], ReferenceLogProbs = tensors["reference"],
        };
    }

    /// <summary>Every choice of one value a switch; the last switch turns fastest.</summary>
    private static IEnumerable<IReadOnlyDictionary<string, JsonNode?>> Combinations(JsonObject switches) => switches.Aggregate(
        (IEnumerable<Dictionary<string, JsonNode?>>)[[]],
        (cases, one) => cases.SelectMany(_ => one.Value!.AsArray(), (@case, value) => new Dictionary<string, JsonNode?>(@case) { [one.Key] = value }));

    private static string Words(IReadOnlyDictionary<string, JsonNode?> @case) =>
        string.Join(", ", @case.Select(one => $"{one.Key} {one.Value?.ToJsonString() ?? "none"}"));
}
