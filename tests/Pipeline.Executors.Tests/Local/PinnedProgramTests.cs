using Pipeline.Executors.Local;

namespace Pipeline.Executors.Tests.Local;

public sealed class PinnedProgramTests
{
    private string _folder = null!;
    private string Source => Path.Combine(_folder, "source");
    private string State => Path.Combine(_folder, "state");

    [SetUp]
    public void WriteAProgram()
    {
        _folder = Path.Combine(Path.GetTempPath(), $"pinned-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path.Combine(Source, "extra"));
        File.WriteAllText(Path.Combine(Source, "program.dll"), "one");
        File.WriteAllText(Path.Combine(Source, "extra", "part.txt"), "part");
        File.WriteAllBytes(Path.Combine(Source, "native.so"), new byte[9 << 20]);
    }

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Program_Rebuilt_LeavesThePinnedOneAsItWas()
    {
        var pinned = PinnedProgram.Pin(Source, State);
        File.WriteAllText(Path.Combine(Source, "program.dll"), "two"); // in place, as a compiler does
        var next = PinnedProgram.Pin(Source, State);

        Assert.That(File.ReadAllText(Path.Combine(pinned.Folder, "program.dll")), Is.EqualTo("one"));
        Assert.That(File.ReadAllText(Path.Combine(next.Folder, "program.dll")), Is.EqualTo("two"));
        Assert.That(next.Digest, Is.Not.EqualTo(pinned.Digest));
    }

    [Test]
    public void SameBuild_PinnedTwice_IsOneCopyWithTheSameDigest()
    {
        var first = PinnedProgram.Pin(Source, State);
        Assert.That(PinnedProgram.Pin(Source, State), Is.EqualTo(first));
    }

    [Test]
    public void BigLibrary_IsLinkedAndNotCopied()
    {
        var pinned = Path.Combine(PinnedProgram.Pin(Source, State).Folder, "native.so");
        using (var original = File.OpenWrite(Path.Combine(Source, "native.so"))) original.WriteByte(1);
        Assert.That(File.ReadAllBytes(pinned)[0], Is.EqualTo(1), "both names are one file");
    }

    [Test]
    public void ExcludedFolder_IsNeitherCopiedNorPartOfTheDigest()
    {
        var pinned = PinnedProgram.Pin(Source, State, exclude: "extra");
        Directory.Delete(Path.Combine(Source, "extra"), recursive: true);
        Assert.That(Directory.Exists(Path.Combine(pinned.Folder, "extra")), Is.False);
        Assert.That(PinnedProgram.Pin(Source, State), Is.EqualTo(pinned));
    }

    [Test]
    public void Prune_DeletesWhatNobodyPinnedWithinTheHour()
    {
        var old = PinnedProgram.Pin(Source, State);
        File.WriteAllText(Path.Combine(Source, "program.dll"), "two");
        var used = PinnedProgram.Pin(Source, State);
        foreach (var program in new[] { old, used }) Directory.SetLastWriteTimeUtc(program.Folder, DateTime.UtcNow.AddHours(-2));
        PinnedProgram.Pin(Source, State);

        PinnedProgram.Prune(State);
        Assert.That((Directory.Exists(old.Folder), Directory.Exists(used.Folder)), Is.EqualTo((false, true)));
    }
}
