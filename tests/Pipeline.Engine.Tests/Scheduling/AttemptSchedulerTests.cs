using Pipeline.Engine.Ports;
using Pipeline.Engine.Scheduling;
using Pipeline.Engine.Tests.Simulation;

namespace Pipeline.Engine.Tests.Scheduling;

public class QuartzAttemptSchedulerTests : AttemptSchedulerContract
{
    private protected override TimeProvider Time => TimeProvider.System;

    private protected override IAttemptScheduler Make() => new QuartzAttemptScheduler(Time);

    private protected override void Live(Func<Task> story) =>
        Assert.That(Task.Run(story).Wait(TimeSpan.FromSeconds(20)), "it hangs");
}

public class SimulatedSchedulerTests : AttemptSchedulerContract
{
    private readonly VirtualWorld _world = new();

    private protected override TimeProvider Time => _world;

    private protected override IAttemptScheduler Make() => new SimulatedScheduler(_world);

    private protected override void Live(Func<Task> story) => _world.Run(story);
}
