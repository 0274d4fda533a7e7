using System.Text.Json;
using Pipeline.Training.Losses.Distillation;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Losses;

/// <summary>The divergences of distillation against tests/Reference/distillation.py.</summary>
public sealed class DistillationReferenceTests
{
    [Test]
    public void DivergenceAndGradient_ForEveryCombinationOfSwitches_AreTheReferences()
    {
        using var scope = NewDisposeScope();
        var tensors = Reference.Read("distillation.safetensors");
        using var cases = JsonDocument.Parse(File.ReadAllText(Reference.PathOf("distillation.json")));
        Assert.That(cases.RootElement.GetArrayLength(), Is.EqualTo(16), "2 directions x 2 temperatures x 4 numbers of tokens told apart");
        foreach (var @case in cases.RootElement.EnumerateArray())
        {
            using var caseScope = NewDisposeScope();
            var top = @case.GetProperty("top");
            var divergence = new Divergence(
                Enum.Parse<DivergenceDirection>(@case.GetProperty("direction").GetString()!, ignoreCase: true),
                @case.GetProperty("temperature").GetDouble(),
                top.ValueKind == JsonValueKind.Null ? null : top.GetInt32());
            var (hidden, weight) = (tensors["hidden"].clone().requires_grad_(), tensors["weight"].clone().requires_grad_());
            var result = TeacherDivergence.Of(hidden, weight, tensors["teacher_hidden"], tensors["teacher_weight"], tensors["mask"].to(ScalarType.Bool), divergence);
            (result * tensors["weights"]).sum().backward();

            var name = @case.GetProperty("name").GetString();
            Assert.That(Reference.Difference(result.detach(), tensors["result." + name]), Is.LessThan(5e-6), @case.ToString());
            Assert.That(Reference.Difference(hidden.grad!, tensors["hidden_gradient." + name]), Is.LessThan(5e-6), @case.ToString());
            Assert.That(Reference.Difference(weight.grad!, tensors["weight_gradient." + name]), Is.LessThan(5e-6), @case.ToString());
        }
    }

    [TestCase(DivergenceDirection.Forward)]
    [TestCase(DivergenceDirection.Reverse)]
    public void Divergence_InSeveralChunks_IsThatOfOne(DivergenceDirection direction)
    {
        // 2^21 scores at once over a vocabulary of 32,768 make chunks of 64 positions: 150 positions are three of them.
        using var scope = NewDisposeScope();
        using var seeded = new Generator(3);
        var (hidden, weight) = (randn([150, 4], generator: seeded).requires_grad_(), randn([32_768, 4], generator: seeded).requires_grad_());
        var (teacher, teacherWeight) = (randn([150, 3], generator: seeded), randn([32_768, 3], generator: seeded));
        Tensor Of(long start, long count) => TeacherDivergence.Of(hidden.narrow(0, start, count).unsqueeze(0), weight,
            teacher.narrow(0, start, count).unsqueeze(0), teacherWeight, ones([1, count], ScalarType.Bool), new Divergence(direction, TopK: 8));
        var whole = Of(0, 150);
        whole.sum().backward();
        var (hiddenGradient, weightGradient) = (hidden.grad!.clone(), weight.grad!.clone());
        hidden.grad!.zero_();
        weight.grad!.zero_();
        var parts = cat([Of(0, 50), Of(50, 50), Of(100, 50)], dim: 1);
        parts.sum().backward();
        Assert.That(Reference.Difference(whole.detach(), parts.detach()), Is.LessThan(1e-5));
        Assert.That(Reference.Difference(hidden.grad!, hiddenGradient), Is.LessThan(1e-5));
        Assert.That(Reference.Difference(weight.grad!, weightGradient), Is.LessThan(1e-5));
    }

    [Test]
    public void Divergence_OfAModelFromItself_IsZeroAndTeachesNothing()
    {
        using var scope = NewDisposeScope();
        var (hidden, weight) = (randn(1, 3, 4).requires_grad_(), randn(7, 4).requires_grad_());
        var result = TeacherDivergence.Of(hidden, weight, hidden, weight, ones([1, 3], ScalarType.Bool), new Divergence(DivergenceDirection.Reverse, 2, 3));
        result.sum().backward();
        Assert.That(result.abs().max().item<float>(), Is.LessThan(1e-6f));
        Assert.That(hidden.grad!.abs().max().item<float>(), Is.LessThan(1e-6f));
    }
}
