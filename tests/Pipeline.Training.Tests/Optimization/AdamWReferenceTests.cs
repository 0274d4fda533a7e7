using Pipeline.Training.Optimization;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace Pipeline.Training.Tests.Optimization;

/// <summary>The optimizer against tests/Reference/adamw.py.</summary>
public sealed class AdamWReferenceTests
{
    [Test]
    public void Weights_AfterAHundredClippedAndScheduledSteps_AreTheReferences()
    {
        using var scope = NewDisposeScope();
        var expected = Reference.Read("adamw.safetensors");
        using var model = new MatrixAndVector(expected["start.matrix"], expected["start.vector"]);
        using var parameters = new FlatParameters(model);
        using var optimizer = new AdamW(parameters, new AdamWOptions { WeightDecay = 0.2 });
        var schedule = new LearningRateSchedule(ScheduleShape.Cosine, Peak: 0.03, TotalSteps: 100, WarmupSteps: 10, MinRatio: 0.1);
        for (var step = 0; step < 100; step++)
        {
            model.matrix.grad!.copy_(expected["gradients.matrix"][step]);
            model.vector.grad!.copy_(expected["gradients.vector"][step]);
            var norm = parameters.GradientNorm();
            Assert.That(norm, Is.EqualTo(expected["norms"][step].item<float>()).Within(1e-5));
            parameters.ClipGradients(norm, maximum: 1.5);
            optimizer.Step(schedule.At(step));
            if (!expected.TryGetValue($"step{step + 1}.matrix", out var matrix)) continue;
            Assert.That(Reference.Difference(model.matrix, matrix), Is.LessThan(2e-6), $"matrix after step {step + 1}");
            Assert.That(Reference.Difference(model.vector, expected[$"step{step + 1}.vector"]), Is.LessThan(2e-6), $"vector after step {step + 1}");
        }
    }

    private sealed class MatrixAndVector : nn.Module
    {
#pragma warning disable IDE1006 // TorchSharp takes a parameter's name from its field, and the reference calls them so
        public readonly Parameter matrix, vector;
#pragma warning restore IDE1006

        public MatrixAndVector(Tensor matrix, Tensor vector) : base(nameof(MatrixAndVector))
        {
            (this.matrix, this.vector) = (new Parameter(matrix.clone()), new Parameter(vector.clone()));
            RegisterComponents();
        }
    }
}
