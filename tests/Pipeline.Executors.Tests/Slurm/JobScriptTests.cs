using Pipeline.Engine.Ports;
using Pipeline.Executors.Slurm;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Executors.Tests.Slurm;

/// <summary>What sbatch is given. To write the scripts anew after a wanted change: <c>UPDATE_GOLDEN=1 dotnet test</c>, then read the difference.</summary>
public sealed class JobScriptTests
{
    private static readonly JobRequest OneNode = new(
        new JobHandle("20261125-101500-r1-abcd.base.1", new AttemptFolder("/shared/state of r1/runs/20261125-101500-r1-abcd/base/attempt-1")),
        ["/opt/dotnet/dotnet", "/shared/state of r1/programs/01ab/pipeline-stage.dll", "it's"],
        new Dictionary<string, string> { ["HF_TOKEN"] = "secret" },
        new StageResources(Cpus: 8, Gpus: 1, MemoryBytes: 40_000_000_000, TimeoutSeconds: 21_600),
        new JobLimits(WallSeconds: 21_600),
        Slurm: new SlurmSettings("gpu", "lab", "high", "infiniband", "a100"));

    private static readonly JobRequest FourNodes = new(
        new JobHandle("20261125-101500-r1-abcd.big[seed=1].2", new AttemptFolder("/state/100%/runs/r/big/attempt-2")),
        ["torchrun", "train.py"],
        new Dictionary<string, string>(),
        new StageResources(Cpus: 64, Gpus: 8, Nodes: 4),
        new JobLimits(GraceSeconds: 300),
        "/home/ada/project",
        new SlurmSettings(TimeSeconds: 86_400));

    [Test]
    public void Script_OfAStageOnOneNode_IsThis() => Matches("job-one-node.sh", OneNode);

    [Test]
    public void Script_OfACommandOnFourNodes_IsThis() => Matches("job-four-nodes.sh", FourNodes);

    [Test]
    public void Script_HoldsNoSecret() => Assert.That(JobScript.Of(OneNode).Text, Does.Not.Contain("secret"));

    [Test]
    public void Name_HasOnlyWhatSlurmTakesLiterally_AndStaysItsOwn()
    {
        Assert.That(SlurmRecord.NameOf("run.base.1"), Is.EqualTo("run.base.1"));
        var (one, two) = (SlurmRecord.NameOf("run.big[seed=1].1"), SlurmRecord.NameOf("run.big[seed-1].1"));
        Assert.That(one, Does.Match("^run.big-seed-1-.1-[0-9a-f]{12}$"));
        Assert.That(one, Is.Not.EqualTo(two));
        Assert.That(SlurmRecord.NameOf(new string('a', 900)), Has.Length.LessThan(255));
    }

    [Test]
    public void TimeLimit_IsTheStagesOrTheJobs_WhicheverIsSooner()
    {
        // The attempt's 6 h, its 60 s of grace and the 30 s in which Slurm looks: 21690 s, 361.5 min.
        Assert.That(JobScript.Of(OneNode).Options, Does.Contain("--time=362").And.Contain("--signal=B:TERM@90"));
        Assert.That(JobScript.Of(FourNodes).Options, Does.Contain("--time=1440").And.Contain("--signal=B:TERM@330"));
        var sooner = OneNode with { Slurm = new SlurmSettings(TimeSeconds: 3600) };
        Assert.That(JobScript.Of(sooner).Options, Does.Contain("--time=60"), "interrupted after an hour, six times");
        var none = FourNodes with { Slurm = new SlurmSettings() };
        Assert.That(JobScript.Of(none).Options.Where(option => option.StartsWith("--time", StringComparison.Ordinal)), Is.Empty, "the partition's");
    }

    private static void Matches(string file, JobRequest job)
    {
        var (path, actual) = (Recordings.PathOf(file), JobScript.Of(job).Text);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(path, actual);
        Assert.That(actual, Is.EqualTo(File.ReadAllText(path)));
    }
}
