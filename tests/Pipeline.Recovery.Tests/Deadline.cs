using System.Diagnostics;

namespace Pipeline.Recovery.Tests;

/// <summary>Waiting for things that happen in other processes: looks again and again, and gives up with a reason.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns when <paramref name="condition"/> holds.</summary>
    public static void Await(Func<bool> condition, Func<string> what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Limit) Assert.Fail($"Waited {Limit.TotalMinutes} minutes for {what()}.");
            Thread.Sleep(Look);
        }
    }
}
