using System.Text.Json.Nodes;
using Pipeline.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Checkpoints;

public sealed class CheckpointFolderTests
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

    [Test]
    public void Read_OfWhatWasWritten_GivesItBack()
    {
        var written = Step(7);
        var read = CheckpointFolder.Read(CheckpointFolder.Write(_folder.Path, "1", written));
        Assert.That((read.Step, read.Fingerprint, read.Threads), Is.EqualTo((7L, "print", 2)));
        Assert.That(read.State.ToJsonString(), Is.EqualTo("""{"cursor":7}"""));
        Assert.That(read.Tensors.Keys, Is.EquivalentTo(new[] { "weights", "reference" }));
        Assert.That(read.Tensors["weights"]["w"].data<float>().ToArray(), Is.EqualTo(written.Tensors["weights"]["w"].data<float>().ToArray()));
    }

    [Test]
    public void FindNewest_WithEveryPossibleTear_FallsBackAndSaysWhy()
    {
        var good = CheckpointFolder.Write(_folder["one"], "1", Step(1));
        var newer = CheckpointFolder.Write(_folder["two"], "2", Step(2));
        foreach (var file in Directory.GetFiles(newer))
        {
            var whole = File.ReadAllBytes(file);
            // Each 4 KiB boundary, where a crash tears a file, the last byte, and a flipped bit in the middle.
            var damages = Enumerable.Range(0, whole.Length / 4096 + 1).Select(i => whole[..(i * 4096)])
                .Append(whole[..^1]).Append([.. whole.Select((b, i) => i == whole.Length / 2 ? (byte)(b ^ 1) : b)]);
            foreach (var damaged in damages)
            {
                File.WriteAllBytes(file, damaged);
                Check();
            }
            File.Delete(file);
            Check();
            File.WriteAllBytes(file, whole);

            void Check()
            {
                var found = CheckpointFolder.FindNewest([_folder["one"], _folder["missing"], _folder["two"]], "print")!;
                Assert.That(found.Folder, Is.EqualTo(good), file);
                Assert.That(found.Skipped, Has.Count.EqualTo(1).And.One.Contains(newer), file);
            }
        }
        Assert.That(CheckpointFolder.FindNewest([_folder["one"], _folder["two"]], "print")!.Folder, Is.EqualTo(newer), "whole again");
    }

    [Test]
    public void FindNewest_OfAnotherFingerprint_FindsNone()
    {
        CheckpointFolder.Write(_folder.Path, "1", Step(1));
        Assert.That(CheckpointFolder.FindNewest([_folder.Path], "other"), Is.Null);
    }

    [Test]
    public void Retain_OfFourWithAnUnfinishedOne_LeavesTheNewestAndTheChosen()
    {
        for (var step = 1; step <= 4; step++) CheckpointFolder.Write(_folder.Path, "1", Step(step));
        Directory.CreateDirectory(_folder["step-000005.tmp-1"]);
        CheckpointFolder.Retain(_folder.Path, _ => new HashSet<long> { 2 });
        Assert.That(Names(), Is.EqualTo(new[] { "step-000002", "step-000004" }));
    }

    [Test]
    public void Retain_WhenTheNewestIsDamaged_DeletesNothing()
    {
        for (var step = 1; step <= 3; step++) CheckpointFolder.Write(_folder.Path, "1", Step(step));
        File.Delete(Path.Combine(_folder["step-000003"], "state.json"));
        Assert.That(() => CheckpointFolder.Retain(_folder.Path, _ => new HashSet<long>()), Throws.TypeOf<TrainingException>().With.Property("Code").EqualTo(TrainingErrors.BadCheckpoint));
        Assert.That(Names(), Has.Length.EqualTo(3));
    }

    [Test]
    public void Write_OverTheRemainsOfAKilledProcess_Succeeds()
    {
        Directory.CreateDirectory(_folder["step-000001.tmp-1"]);
        File.WriteAllText(Path.Combine(_folder["step-000001.tmp-1"], "weights.safetensors"), "half");
        CheckpointFolder.Write(_folder.Path, "1", Step(1));
        CheckpointFolder.Write(_folder.Path, "1", Step(1)); // and the same step again, as after a resume from before it
        Assert.That(Names(), Is.EqualTo(new[] { "step-000001" }));
        Assert.That(() => CheckpointFolder.Verify(_folder["step-000001"]), Throws.Nothing);
    }

    [Test]
    public void Write_OfMoreThanTheDiskHolds_SaysSoAndLeavesNothing()
    {
        // On the meta device a tensor of a petabyte takes no memory.
        using var huge = empty([1L << 48], device: META);
        var checkpoint = Step(1) with { Tensors = new Dictionary<string, IReadOnlyDictionary<string, Tensor>> { ["weights"] = new Dictionary<string, Tensor> { ["w"] = huge } } };
        Assert.That(() => CheckpointFolder.Write(_folder.Path, "1", checkpoint), Throws.TypeOf<TrainingException>().With.Property("Code").EqualTo(TrainingErrors.DiskFull));
        Assert.That(Names(), Is.Empty);
    }

    private string[] Names() => [.. Directory.GetDirectories(_folder.Path).Select(d => Path.GetFileName(d)).Order()];

    private static Checkpoint Step(long step) => new(step, "print", 2, new Dictionary<string, IReadOnlyDictionary<string, Tensor>>
    {
        ["weights"] = new Dictionary<string, Tensor> { ["w"] = arange(3000, ScalarType.Float32) + step },
        ["reference"] = new Dictionary<string, Tensor> { ["w"] = tensor(new[] { 1f, 2f }) },
    }, new JsonObject { ["cursor"] = step });
}
