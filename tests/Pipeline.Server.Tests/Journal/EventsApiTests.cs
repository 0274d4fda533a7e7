using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Journal;

public class EventsApiTests
{
    [Test]
    public async Task Events_AreInOrderAndToldInWords()
    {
        var events = (await Served.Get($"runs/{SampleState.Live}/events")).AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(events.Select(fact => (long)fact!["sequence"]!), Is.EqualTo(Enumerable.Range(1, events.Count)));
            Assert.That(events.Select(fact => (string)fact!["text"]!), Does.Contain("Failed (node failure): Killed by signal 9, which was not ours."));
        });
    }

    [Test]
    public async Task Events_AfterOne_BeginWithTheNext() =>
        Assert.That((long)(await Served.Get($"runs/{SampleState.Live}/events?after=5&limit=1"))[0]!["sequence"]!, Is.EqualTo(6));

    [Test]
    public async Task Events_WithALimitAlone_AreTheNewest()
    {
        var run = await Served.Get($"runs/{SampleState.Finished}");
        var events = (await Served.Get($"runs/{SampleState.Finished}/events?limit=2")).AsArray();
        Assert.That((long)events[1]!["sequence"]!, Is.EqualTo((long)run["sequence"]!));
    }
}
