using System.Diagnostics;
using Pipeline.Training.Sampling;
using TorchSharp;

namespace Pipeline.Training.Tests;

public sealed class MemoryTests
{
    [Test]
    public void Memory_OverAThousandSteps_DoesNotGrow()
    {
        using var training = new TinyTraining();
        var sampler = new Sampler(training.Model);
        var options = new SamplingOptions { MaxNewTokens = 6, EosTokenIds = [0], Seed = 1 };
        void Step(int step)
        {
            training.Step(step % 20);
            if (step % 20 == 0) sampler.Sample([[1, 2], [3], [3]], options, firstRow: step);
        }

        for (var step = 0; step < 100; step++) Step(step); // buffers grow to size, code is compiled
        var (tensors, resident) = (LiveTensors(), Resident());
        for (var step = 100; step < 1_100; step++) Step(step);
        Assert.That(LiveTensors(), Is.EqualTo(tensors), "every tensor made in a step is disposed in it");
        // A step makes about 5 MB of tensors; a thousandth of them kept would be 5 MB, the heap's own jitter is 10 to 20.
        Assert.That(Resident() - resident, Is.LessThan(40L << 20));
    }

    private static long LiveTensors() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
