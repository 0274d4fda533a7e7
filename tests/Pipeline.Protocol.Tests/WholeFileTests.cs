namespace Pipeline.Protocol.Tests;

public sealed class WholeFileTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pipeline-protocol-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void WriteText_OverAnOldFile_ReplacesItAndLeavesNothingBeside()
    {
        var path = Path.Combine(_folder, "a.json");
        WholeFile.WriteText(path, "a long old text");
        WholeFile.WriteText(path, "new");

        Assert.That(File.ReadAllText(path), Is.EqualTo("new"));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void WriteText_WhereItCannot_KeepsTheOldAndLeavesNothingBeside()
    {
        // A folder stands where the file should go: the rename fails after the bytes were written.
        var path = Path.Combine(_folder, "a");
        Directory.CreateDirectory(Path.Combine(path, "inside"));

        Assert.That(() => WholeFile.WriteText(path, "new"), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.EqualTo(new[] { path }));
    }

    [Test]
    public void Refresh_OverAnOldFile_ReplacesIt()
    {
        var path = Path.Combine(_folder, "heartbeat");
        WholeFile.Refresh(path, "1");
        WholeFile.Refresh(path, "2");

        Assert.That(File.ReadAllText(path), Is.EqualTo("2"));
    }
}
