using Pipeline.Engine.Caching;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Tests.Caching;

public class StageFingerprintTests
{
    private static readonly ResolvedStage s_sft = new() { Id = "a", Instance = "a", Uses = "sft" };
    private static readonly ResolvedStage s_command = s_sft with { Uses = "command", Command = ["train.sh"] };

    [Test]
    public void Command_WithoutItsCode_SharesWithNoOtherStageAndNoOtherRun()
    {
        Assert.That(Hash(s_command with { Id = "b", Instance = "b" }), Is.Not.EqualTo(Hash(s_command)), "it may ask for its own name");
        Assert.That(Hash(s_command, run: "2"), Is.Not.EqualTo(Hash(s_command)), "what it runs may have changed");
    }

    [Test]
    public void StageOfOurs_SharesWithEveryOtherOfEqualParts() =>
        Assert.That(Hash(s_sft with { Id = "b", Instance = "b" }, run: "2"), Is.EqualTo(Hash(s_sft)));

    private static string Hash(ResolvedStage stage, string run = "1") => StageFingerprint.Of(stage, new Dictionary<string, JobInput>(), run).Hash;
}
