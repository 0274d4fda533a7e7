using System.Diagnostics;
using System.Reflection;
using TorchSharp;

namespace Pipeline.Training.Tests;

/// <summary>
/// A number that is passed to an operation lives as long as the operation. TorchSharp as packaged breaks this: the garbage
/// collector may free the number while native code reads it (src/Pipeline.Training/Native/README.md).
/// </summary>
public sealed class ScalarLifetimeTests
{
    [Test]
    public void TorchSharp_IsNotOptimized()
    {
        var debuggable = typeof(torch).Assembly.GetCustomAttribute<DebuggableAttribute>();
        Assert.That(debuggable?.IsJITOptimizerDisabled, Is.True);
    }

    [Test]
    public void Operations_WhileGarbageIsCollected_ReadTheirNumbers()
    {
        using var stop = new CancellationTokenSource();
        var collectors = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
            }
        })).ToList();
        collectors.ForEach(thread => thread.Start());
        try
        {
            using var x = torch.full(4, 3.0);
            // As packaged, TorchSharp fails here within a second.
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(3);)
            {
                using var scope = torch.NewDisposeScope();
                Assert.That(x.pow(2).mul(0.5).add(1.25).sum().item<float>(), Is.EqualTo(23)); // 4 x (9/2 + 5/4)
            }
        }
        finally
        {
            stop.Cancel();
            collectors.ForEach(thread => thread.Join());
        }
    }
}
