using System.Text.RegularExpressions;

namespace Pipeline.Architecture.Tests.Docker;

/// <summary>No engine builds the images where these tests run, so the Dockerfile is held to rules. Its steps run in Pipeline.Quickstart.Tests.</summary>
public class DockerfileTests
{
    private static readonly string[] s_targets = ["control-plane", "slurm", "cuda-stage"];
    private static readonly string s_text = File.ReadAllText(Path.Combine(Repository.Root, "docker", "Dockerfile"));
    private static readonly Dockerfile s_dockerfile = Dockerfile.Parse(s_text);

    private static BuildStage Stage(string name) => s_dockerfile.Stages.Single(stage => stage.Name == name);

    [Test]
    public void Bases_ArePinned_ToAVersion()
    {
        var names = s_dockerfile.Stages.Select(stage => stage.Name);
        var bases = s_dockerfile.Stages.Select(stage => stage.Image).Where(image => !names.Contains(image));
        Assert.That(bases, Is.All.Match(@"^[a-z0-9./-]+:\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$"), "a tag with major and minor version, never latest");
    }

    [Test]
    public void CopiedFiles_AreThere_AndNotIgnored()
    {
        var kept = File.ReadAllLines(Path.Combine(Repository.Root, "docker", "Dockerfile.dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        foreach (var (word, rest) in s_dockerfile.Stages.SelectMany(stage => stage.Instructions).Where(instruction => instruction.Word is "COPY" or "ADD"))
        {
            Assert.That(word, Is.EqualTo("COPY"), "ADD unpacks and downloads");
            var words = rest.Split(' ');
            if (words[0].StartsWith("--from=", StringComparison.Ordinal))
            {
                Assert.That(s_dockerfile.Stages.Select(stage => stage.Name), Contains.Item(words[0]["--from=".Length..]));
                continue;
            }
            foreach (var source in words[..^1])
            {
                Assert.That(Path.Combine(Repository.Root, source), Does.Exist, rest);
                Assert.That(kept.Any(pattern => Covers(pattern, source)), Is.True, $"the .dockerignore leaves {source} out");
            }
        }
    }

    [TestCaseSource(nameof(s_targets))]
    public void Image_RunsAsAnOrdinaryUser(string target)
    {
        var user = s_dockerfile.Last(Stage(target), "USER");
        Assert.That(user, Is.Not.Null.And.Not.EqualTo("root").And.Not.EqualTo("0"));
    }

    [TestCaseSource(nameof(s_targets))]
    public void Image_TellsWhetherItIsWell(string target)
    {
        var check = s_dockerfile.Last(Stage(target), "HEALTHCHECK");
        Assert.That(check, Does.Contain("CMD").And.Contain("--interval").And.Contain("--timeout"));
    }

    [TestCaseSource(nameof(s_targets))]
    public void Image_GetsSignals_BecauseNoShellStandsBefore(string target) =>
        Assert.That(s_dockerfile.Last(Stage(target), "ENTRYPOINT"), Does.StartWith("[").And.EndsWith("]"));

    [Test]
    public void Packages_AreInstalled_WithoutListsLeftBehind()
    {
        foreach (var (_, rest) in s_dockerfile.Stages.SelectMany(stage => stage.Instructions).Where(instruction => instruction.Word == "RUN" && instruction.Argument.Contains("apt-get")))
        {
            Assert.That(rest, Does.Contain("apt-get update").And.Contain("--no-install-recommends").And.Contain("rm -rf /var/lib/apt/lists/*"));
        }
    }

    [Test]
    public void Secrets_AreInNoLayer()
    {
        var settings = s_dockerfile.Stages.SelectMany(stage => stage.Instructions).Where(instruction => instruction.Word is "ENV" or "ARG" or "LABEL").Select(instruction => instruction.Argument);
        Assert.That(settings, Has.None.Match("(?i)password|token|secret|api_?key"));
        Assert.That(s_text, Does.Not.Match("(?i)(password|secret)="));
        Assert.That(File.ReadAllLines(Path.Combine(Repository.Root, ".gitignore")), Contains.Item("docker/secrets/"));
    }

    [Test]
    public void CudaStage_IsBuiltWithCuda_AndTheOthersAreNot()
    {
        string Publish(string stage) => Stage(stage).Instructions.Single(instruction => instruction.Argument.Contains("build-steps.sh publish")).Argument;
        Assert.That(Publish("build-cuda"), Does.Contain("-p:Torch=cuda"));
        Assert.That(Publish("build"), Does.Not.Contain("Torch"));
        Assert.That(Stage("cuda-stage").Instructions, Has.Some.Matches<(string Word, string Argument)>(one => one is { Word: "COPY", Argument: "--from=build-cuda /app-cuda /app" }));
    }

    [TestCase("FROM debian:12.11-slim\nINSTALL curl", TestName = "Parse_AnUnknownInstruction_IsRefused")]
    [TestCase("RUN true", TestName = "Parse_AnInstructionBeforeFrom_IsRefused")]
    [TestCase("FROM debian:12.11-slim\nRUN a \\\n  # why\n  b\n  c", TestName = "Parse_ALineThatContinuesNothing_IsRefused")]
    public void Parse_Refuses(string text) => Assert.That(() => Dockerfile.Parse(text), Throws.InstanceOf<FormatException>());

    private static bool Covers(string pattern, string source) =>
        pattern == source || source.StartsWith(pattern + "/", StringComparison.Ordinal) || StarPattern(pattern).IsMatch(source);

    private static Regex StarPattern(string pattern) => new($"^{Regex.Escape(pattern).Replace(@"\*", "[^/]*")}$");
}
