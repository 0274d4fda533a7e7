using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using Pipeline.Training.Optimization;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests;

/// <summary>A model small enough to train in a test; data and schedule depend on the step alone.</summary>
internal sealed class TinyTraining : IDisposable
{
    private const int Rows = 8, Seq = 16;
    private readonly LearningRateSchedule _schedule = new(ScheduleShape.Cosine, Peak: 1e-2, TotalSteps: 20, WarmupSteps: 4);

    public TinyTraining()
    {
        Model = new(new()
        {
            Family = ModelFamily.Qwen2, VocabSize = 20, HiddenSize = 32, IntermediateSize = 48, Layers = 2, Heads = 4,
            KeyValueHeads = 2, MaxPositions = 32,
        }, seed: 1);
        Parameters = new(Model);
        Optimizer = new(Parameters, new());
    }

    public LanguageModel Model { get; }
    public FlatParameters Parameters { get; }
    public AdamW Optimizer { get; }

    /// <summary>Learns that each token is the one before it plus the row's stride; in two micro-batches.</summary>
    /// <returns>The loss.</returns>
    public float Step(int step)
    {
        using var scope = NewDisposeScope();
        Parameters.ZeroGradients();
        var total = 0f;
        for (var half = 0; half < 2; half++)
        {
            using var microBatch = NewDisposeScope();
            int[][] rows = [.. Enumerable.Range(0, Rows / 2).Select(r => Enumerable.Range(0, Seq).Select(t => (step * 7 + half + r + t * (1 + r % 3)) % 20).ToArray())];
            var tokens = TokenBatch.Pad(rows, Seq);
            var mask = ones([Rows / 2, Seq - 1], ScalarType.Bool);
            var (logProbs, _) = ChunkedTokenLogProbs.Of(Model.HiddenStates(tokens.narrow(1, 0, Seq - 1)), Model.OutputWeight, tokens.narrow(1, 1, Seq - 1), mask);
            var loss = CrossEntropy.Of(logProbs, mask, stepTokens: Rows * (Seq - 1));
            loss.backward();
            total += loss.item<float>();
        }
        Parameters.ClipGradients(Parameters.GradientNorm(), maximum: 1);
        Optimizer.Step(_schedule.At(step));
        return total;
    }

    public void Dispose()
    {
        Optimizer.Dispose();
        Parameters.Dispose();
        Model.Dispose();
    }
}
