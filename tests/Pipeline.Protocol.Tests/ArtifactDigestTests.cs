using System.Security.Cryptography;
using System.Text;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Protocol.Tests;

public sealed class ArtifactDigestTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pipeline-protocol-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Of_File_IsTheHashOfItsBytes()
    {
        // sha256sum of "abc", from FIPS 180-2.
        Assert.That(ArtifactDigest.Of(Write("a", "abc")), Is.EqualTo("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }

    [Test]
    public void Of_Folder_IsTheHashOfItsListing()
    {
        Write("b.txt", "abc");
        Write("a/c.txt", "abc");
        const string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        var listing = $"a/c.txt\t3\t{abc}\nb.txt\t3\t{abc}\n";

        Assert.That(ArtifactDigest.Of(_folder), Is.EqualTo("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(listing)))));
    }

    [Test]
    public void Of_FolderAfterARename_Differs()
    {
        Write("a", "abc");
        var before = ArtifactDigest.Of(_folder);
        File.Move(Path.Combine(_folder, "a"), Path.Combine(_folder, "b"));

        Assert.That(ArtifactDigest.Of(_folder), Is.Not.EqualTo(before));
    }

    [Test]
    public void Of_Nothing_Throws() => Assert.That(() => ArtifactDigest.Of(Path.Combine(_folder, "none")), Throws.TypeOf<FileNotFoundException>());

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
