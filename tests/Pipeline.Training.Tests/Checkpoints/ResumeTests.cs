using Pipeline.Training.Checkpoints;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Checkpoints;

public sealed class ResumeTests
{
    [TestCase(1)]
    [TestCase(2)]
    public void Training_ResumedFromACheckpointWithNewObjects_EndsWithTheBitsOfAnUnbrokenRun(int threads)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        try
        {
            using var scope = NewDisposeScope();
            using var folder = new TemporaryFolder();
            using var unbroken = new TinyTraining();
            var first = unbroken.Step(0);
            var last = 0f;
            for (var step = 1; step < 20; step++) last = unbroken.Step(step);
            Assert.That(last, Is.LessThan(0.75 * first), "the model learns, so its state matters");

            using (var broken = new TinyTraining())
            {
                for (var step = 0; step < 10; step++) broken.Step(step);
                CheckpointFolder.Write(folder.Path, "1", new(10, "print", threads, new Dictionary<string, IReadOnlyDictionary<string, Tensor>>
                {
                    ["weights"] = ModelWeights.Of(broken.Model), ["optimizer"] = broken.Optimizer.State(),
                }, []));
            }

            using var resumed = new TinyTraining();
            var found = CheckpointFolder.FindNewest([folder.Path], "print")!;
            var checkpoint = CheckpointFolder.Read(found.Folder);
            ModelWeights.Load(resumed.Model, checkpoint.Tensors["weights"], found.Folder);
            resumed.Optimizer.Load(checkpoint.Tensors["optimizer"]);
            for (var step = (int)checkpoint.Step; step < 20; step++) resumed.Step(step);

            Assert.That(Bits(resumed.Parameters.Values), Is.EqualTo(Bits(unbroken.Parameters.Values)));
            Assert.That(resumed.Optimizer.Steps, Is.EqualTo(20));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static byte[] Bits(Tensor tensor) => tensor.bytes.ToArray();
}
