using System.Buffers.Binary;
using System.Text;
using Pipeline.Training.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Safetensors;

public sealed class SafetensorsFileTests
{
    private TemporaryFolder _folder = null!;
    private DisposeScope _scope = null!;

    [SetUp]
    public void SetUp() => (_folder, _scope) = (new(), NewDisposeScope());

    [TearDown]
    public void TearDown()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [TestCase(ScalarType.Float32)]
    [TestCase(ScalarType.Float16)]
    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Int64)]
    public void Read_OfEachTypeThatWasWritten_GivesTheSameBits(ScalarType type)
    {
        var written = (arange(24) - 7).to(type).view(2, 3, 4);
        SafetensorsFile.Write(_folder["t"], new Dictionary<string, Tensor> { ["a"] = written, ["view"] = written.transpose(0, 2), ["none"] = empty([0, 3], type) });
        var read = SafetensorsFile.Read(_folder["t"]);
        Assert.That(read["a"].dtype, Is.EqualTo(type));
        Assert.That(read["a"].bytes.ToArray(), Is.EqualTo(written.bytes.ToArray()));
        Assert.That(read["view"].eq(written.transpose(0, 2)).all().item<bool>(), Is.True);
        Assert.That(read["none"].shape, Is.EqualTo(new long[] { 0, 3 }));
    }

    [Test]
    public void Read_OfAFileCutAnywhere_SaysItIsTruncated()
    {
        SafetensorsFile.Write(_folder["t"], new Dictionary<string, Tensor> { ["a"] = ones(3) });
        var whole = File.ReadAllBytes(_folder["t"]);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_folder["cut"], whole[..length]);
            Assert.That(() => SafetensorsFile.Read(_folder["cut"]), Throws.TypeOf<TrainingException>()
                .With.Property("Code").EqualTo(TrainingErrors.BadSafetensors).And.Message.Contains("truncated"), $"{length} bytes");
        }
    }

    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlaps")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "belong to none")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "goes on")]
    [TestCase("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "takes 12 bytes")]
    [TestCase("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", 8, "F8_E4M3")]
    [TestCase("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "not valid")]
    [TestCase("""{"a":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,8]}}""", 8, "not valid")]
    [TestCase("not json", 0, "not valid")]
    public void Read_OfAHeaderThatCannotBe_SaysWhat(string header, int dataBytes, string expected)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        File.WriteAllBytes(_folder["t"], [.. prefix, .. Encoding.UTF8.GetBytes(header), .. new byte[dataBytes]]);
        Assert.That(() => SafetensorsFile.Read(_folder["t"]), Throws.TypeOf<TrainingException>()
            .With.Property("Code").EqualTo(TrainingErrors.BadSafetensors).And.Message.Contains(expected));
    }

    [Test]
    public void Write_ThatFails_LeavesTheOldFileAndNothingElse()
    {
        SafetensorsFile.Write(_folder["t"], new Dictionary<string, Tensor> { ["a"] = ones(3) });
        var before = File.ReadAllBytes(_folder["t"]);
        // A type that the format has no name for is found out when half the header is made.
        Assert.That(() => SafetensorsFile.Write(_folder["t"], new Dictionary<string, Tensor> { ["a"] = ones(3), ["b"] = ones(3, ScalarType.ComplexFloat32) }),
            Throws.TypeOf<NotSupportedException>());
        Assert.That(File.ReadAllBytes(_folder["t"]), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(1));
    }
}
