using System.Runtime.Versioning;
using Pipeline.Cli.Following;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Runs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Tests.Following;

[SupportedOSPlatform("linux")]
public sealed class DiskLiveFactsTests
{
    private readonly string _state = Path.Combine(Path.GetTempPath(), $"live-{Guid.NewGuid():N}");

    [TearDown]
    public void Delete() => Directory.Delete(_state, recursive: true);

    [Test]
    public void Waiting_SaysWhatIsTaken_OnlyWhereItIsTooMuch()
    {
        var (facts, all) = (new DiskLiveFacts(new DiskRunFiles(), _state), Environment.ProcessorCount);
        Assert.That(facts.Waiting(Stage(cpus: 1)), Is.EqualTo("starting"));

        // Each time anew: a lock of this kind is lost when its process looks at the file by another handle.
        using (Take(0))
            Assert.That(facts.Waiting(Stage(cpus: null)), Is.EqualTo($"waits for {all} of {all} processors; 1 taken"), "by default a stage takes all");
        using (Take(0))
            Assert.That(facts.Waiting(Stage(cpus: all - 1)), Is.EqualTo("starting"));
        Assert.That(facts.Waiting(Stage(cpus: 1) with { Stage = Stage(1).Stage with { Executor = ExecutorName.Slurm } }), Is.Null, "the cluster's business");
    }

    // As a shim would: the slots of tests lie in their state folder.
    private FileStream Take(int slot)
    {
        var file = File.Open(Path.Combine(_state, "slots", $"cpu-{slot}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Lock(0, 0);
        return file;
    }

    private static StageState Stage(int? cpus) => new()
    {
        Stage = new ResolvedStage { Id = "a", Instance = "a", Uses = "command", Resources = new() { Cpus = cpus } },
    };
}
