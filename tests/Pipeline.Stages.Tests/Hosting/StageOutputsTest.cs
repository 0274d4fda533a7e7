using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Stages;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.Hosting;

public sealed class StageOutputsTest
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Write_WhenWritingFails_LeavesNothingAndKeepsWhatWasThere()
    {
        var outputs = Outputs();
        outputs.Write("model", folder => Fill(folder, "first"));
        Assert.That(() => outputs.Write("model", folder =>
        {
            Fill(folder, "second");
            throw new IOException("no room");
        }), Throws.TypeOf<IOException>());
        Assert.Multiple(() =>
        {
            Assert.That(Directory.GetFileSystemEntries(_folder.Path), Is.EqualTo(new[] { _folder.Of("model") }));
            Assert.That(File.ReadAllText(_folder.Of("model", "weights")), Is.EqualTo("first"));
        });
    }

    [Test]
    public void Write_Model_RecordsDigestAndParameters()
    {
        var outputs = Outputs();
        outputs.Write("model", folder => Fill(folder, "first"));
        Assert.That(outputs.Written["model"], Is.EqualTo(new ResultOutput(ArtifactKind.Model, ArtifactDigest.Of(_folder.Of("model")), Parameters: 7)));
    }

    [Test]
    public void Write_WithoutAPathInTheJob_SaysWhich() =>
        Assert.That(() => new StageOutputs(Job([]), StageKinds.Find("sft")!).Write("model", _ => 0),
            Throws.TypeOf<ConfigException>().With.Property("Code").EqualTo(StageErrors.OutputMissing));

    private StageOutputs Outputs() => new(Job(new() { ["model"] = _folder.Of("model") }), StageKinds.Find("sft")!);

    private static JobFile Job(Dictionary<string, string> outputs) => new()
    {
        Run = "run", Stage = "stage", Instance = "stage", Attempt = 1, Token = "token", Kind = "sft", Outputs = outputs,
    };

    private static long Fill(string folder, string text)
    {
        File.WriteAllText(Path.Combine(folder, "weights"), text);
        return 7;
    }
}
