using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Machine;

public class MachineApiTests
{
    [Test]
    public async Task System_ListsTheJobsThatHaveNotEnded()
    {
        var system = await Served.Get("system");
        var job = system["jobs"]!.AsArray().Single()!;
        Assert.Multiple(() =>
        {
            Assert.That(((string)job["run"]!, (string)job["instance"]!, (int)job["attempt"]!), Is.EqualTo((SampleState.Live, "r1_zero", 2)));
            Assert.That((string)system["state"]!, Is.EqualTo(Served.State.Folder.Path));
            Assert.That((long)system["disk_free_bytes"]!, Is.InRange(1, (long)system["disk_bytes"]!));
            Assert.That((string)system["schedules"]![0]!["name"]!, Is.EqualTo("nightly"));
            Assert.That(system["engine"], Is.Null, "no engine ever worked here");
        });
    }
}
