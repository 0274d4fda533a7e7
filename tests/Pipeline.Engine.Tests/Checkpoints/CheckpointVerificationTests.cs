using System.Security.Cryptography;
using System.Text.Json;
using Pipeline.Engine.Checkpoints;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Tests.Checkpoints;

public class CheckpointVerificationTests
{
    private const int Block = 4096;
    private TemporaryFolder _folder = null!;
    private CheckpointFolder _checkpoint = null!;

    private string Weights => Path.Combine(_checkpoint.Path, "weights.safetensors");
    private string Manifest => Path.Combine(_checkpoint.Path, CheckpointManifest.FileName);

    [SetUp]
    public void WriteCheckpoint()
    {
        _folder = new TemporaryFolder();
        _checkpoint = new(_folder.Of("checkpoints", "step-000100"), 100);
        Directory.CreateDirectory(_checkpoint.Path);
        var weights = new byte[(3 * Block) + 17];
        new Random(1).NextBytes(weights);
        File.WriteAllBytes(Weights, weights);
        WriteManifest(100, "f", new CheckpointFile("weights.safetensors", weights.Length, Convert.ToHexStringLower(SHA256.HashData(weights))));
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void WholeCheckpoint_IsFoundAndHasNoDamage()
    {
        Assert.That(CheckpointVerification.In(new AttemptFolder(_folder.Path)), Is.EqualTo(new[] { _checkpoint }));
        Assert.That(Damage(), Is.Null);
    }

    [Test]
    public void Manifest_WithMoreThanWeKnow_IsRead()
    {
        var text = File.ReadAllText(Manifest);
        File.WriteAllText(Manifest, "{\"threads\":2," + text.TrimStart()[1..]);
        Assert.That(Damage(), Is.Null);
    }

    [TestCase("step-000100.tmp-2")]
    [TestCase("latest")]
    [TestCase("step-")]
    public void FolderOfAnotherName_IsNoCheckpoint(string name)
    {
        Directory.Move(_checkpoint.Path, _folder.Of("checkpoints", name));
        Assert.That(CheckpointVerification.In(new AttemptFolder(_folder.Path)), Is.Empty);
    }

    [TestCase(0)]
    [TestCase(Block)]
    [TestCase(2 * Block)]
    [TestCase(3 * Block)]
    public void File_CutAtABlock_IsDamage(int length)
    {
        using (var file = File.OpenWrite(Weights)) file.SetLength(length);
        Assert.That(Damage(), Is.EqualTo($"weights.safetensors has {length} bytes in place of {(3 * Block) + 17}"));
    }

    [Test]
    public void File_WithOneBitFlipped_IsDamage([Values(0, Block, (3 * Block) + 16)] int at, [Values(0, 7)] int bit)
    {
        var bytes = File.ReadAllBytes(Weights);
        bytes[at] ^= (byte)(1 << bit);
        File.WriteAllBytes(Weights, bytes);
        Assert.That(Damage(), Is.EqualTo("the SHA-256 of weights.safetensors differs"));
    }

    [Test]
    public void File_ThatIsMissing_IsDamage()
    {
        File.Delete(Weights);
        Assert.That(Damage(), Is.EqualTo("weights.safetensors is missing"));
    }

    [Test]
    public void Manifest_ThatIsMissingOrTorn_IsDamage()
    {
        var whole = File.ReadAllText(Manifest);
        File.WriteAllText(Manifest, whole[..(whole.Length / 2)]);
        Assert.That(Damage(), Is.Not.Null);
        File.Delete(Manifest);
        Assert.That(Damage(), Is.Not.Null);
    }

    [Test]
    public void Manifest_OfAnotherFingerprintOrStep_IsDamage()
    {
        Assert.That(CheckpointVerification.Damage(_checkpoint, "g"), Is.EqualTo("it was made under another fingerprint"));
        WriteManifest(99, "f");
        Assert.That(Damage(), Is.EqualTo("its manifest is of step 99"));
    }

    [Test]
    public void Manifest_ThatPointsOutside_IsDamage()
    {
        WriteManifest(100, "f", new CheckpointFile("../../secret", 1, "00"));
        Assert.That(Damage(), Is.EqualTo("../../secret lies outside of it"));
    }

    private string? Damage() => CheckpointVerification.Damage(_checkpoint, "f");

    private void WriteManifest(long step, string fingerprint, params CheckpointFile[] files) => File.WriteAllText(
        Manifest, JsonSerializer.Serialize(new CheckpointManifest(1, step, fingerprint, files), ProtocolJson.Indented));
}
