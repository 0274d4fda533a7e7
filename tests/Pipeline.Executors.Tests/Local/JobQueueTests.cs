using Pipeline.Engine.Ports;
using Pipeline.Executors.Local;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Executors.Tests.Local;

public sealed class JobQueueTests
{
    [TestCase("a1 b1 c1", 2, 0, "a b", TestName = "Startable_InOrder_UntilTheProcessorsAreTaken")]
    [TestCase("a4 b1", 2, 0, "", TestName = "Startable_WideJobFirst_IsNotOvertakenByANarrowOne")]
    [TestCase("a1g1 b1", 2, 0, "b", TestName = "Startable_JobThatWaitsForAGpu_IsOvertakenByOneThatNeedsNone")]
    [TestCase("a1g2 b1g1 c1", 4, 1, "c", TestName = "Startable_JobThatWaitsForTwoGpus_IsNotOvertakenByOneThatNeedsOne")]
    [TestCase("a2g1 b2g1 c1", 5, 2, "a b c", TestName = "Startable_EnoughOfBoth_AllStart")]
    public void Startable(string waiting, int freeCpus, int freeGpus, string expected)
    {
        var startable = JobQueue.Startable(waiting.Split(' ').Select(Job), freeCpus, freeGpus);
        Assert.That(string.Join(' ', startable.Select(job => job.Handle.Name)), Is.EqualTo(expected));
    }

    /// <summary>"a2g1": a job named a that takes two CPUs and one GPU.</summary>
    private static JobRequest Job(string text) => new(
        new JobHandle(text[..1], default), [], new Dictionary<string, string>(),
        new StageResources(Cpus: text[1] - '0', Gpus: text.Length > 3 ? text[3] - '0' : 0), new JobLimits());
}
