using Pipeline.Stages.Grpo;

namespace Pipeline.Stages.Tests.Grpo;

public sealed class ScoringThreadsTest
{
    [Test]
    public void Run_WhatIsSlow_HoldsUpNeitherTheCallerNorTheOthersAndKeepsTheOrder()
    {
        using var threads = new ScoringThreads();
        using var gate = new ManualResetEventSlim();
        var slow = threads.Run(() =>
        {
            gate.Wait();
            return 0;
        });
        var others = Enumerable.Range(1, 20).Select(number => threads.Run(() => number)).ToList();
        Assert.That(Task.WhenAll(others).Result, Is.EqualTo(Enumerable.Range(1, 20)), "done while the first still waits");
        Assert.That(slow.IsCompleted, Is.False);
        gate.Set();
        Assert.That(slow.Result, Is.Zero);
    }

    [Test]
    public void Run_AFunctionThatThrows_FailsItsOwnTaskOnly()
    {
        using var threads = new ScoringThreads();
        var failing = threads.Run<int>(() => throw new InvalidOperationException("no score"));
        Assert.That(() => failing.GetAwaiter().GetResult(), Throws.InvalidOperationException.With.Message.EqualTo("no score"));
        Assert.That(threads.Run(() => 7).Result, Is.EqualTo(7));
    }
}
