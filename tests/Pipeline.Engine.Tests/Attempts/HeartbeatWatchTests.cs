using Pipeline.Engine.Attempts;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Tests.Simulation;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Tests.Attempts;

public class HeartbeatWatchTests
{
    private static readonly DateTimeOffset Written = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Age_CountsFromTheLastChange_WhateverTheFilesTimeSays()
    {
        var world = new VirtualWorld();
        var watch = new HeartbeatWatch(world);
        world.Run(async () =>
        {
            // Five years old by its own clock, but seen for the first time now.
            Assert.That(watch.Age(Beat(1, 0)), Is.EqualTo(TimeSpan.Zero));
            await Task.Delay(TimeSpan.FromSeconds(40), world);
            Assert.That(watch.Age(Beat(1, 0)).TotalSeconds, Is.EqualTo(40));
            // The same step in a file written anew: loading takes long, but it lives.
            Assert.That(watch.Age(Beat(1, 5)), Is.EqualTo(TimeSpan.Zero));
            await Task.Delay(TimeSpan.FromSeconds(7), world);
            Assert.That(watch.Age(null).TotalSeconds, Is.EqualTo(7), "a file that cannot be read now is no heartbeat");
        });
        Assert.That(watch.Step, Is.EqualTo(1));
    }

    [Test]
    public void Age_OfAProgramWithoutHeartbeat_IsZeroForEver()
    {
        var world = new VirtualWorld();
        var watch = new HeartbeatWatch(world);
        world.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromHours(9), world);
            Assert.That(watch.Age(null), Is.EqualTo(TimeSpan.Zero));
        });
        Assert.That(watch.Step, Is.Null);
    }

    private static HeartbeatSeen Beat(long step, int second) => new(new Heartbeat(step, 10, "training"), Written.AddSeconds(second));
}
