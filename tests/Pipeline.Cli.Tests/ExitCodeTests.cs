using System.Reflection;

namespace Pipeline.Cli.Tests;

/// <summary>Exit codes: what the README promises is what there is, and each is met by a command line. 7 is in ServeTests, 3 and 130 in RunTests.</summary>
public sealed class ExitCodeTests : CommandTest
{
    [Test]
    public void Readme_ListsEveryExitCode_AndNoOther()
    {
        var codes = typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!);
        var readme = File.ReadLines(Readme).SkipWhile(line => line != "## Exit codes").Skip(1).TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith("| ") && char.IsDigit(line[2])).Select(line => int.Parse(line.Split('|')[1]));
        Assert.That(readme, Is.EquivalentTo(codes));
    }

    [Test]
    public async Task Codes_AreThoseOfTheReadme()
    {
        Assert.That((await Bench.CallHere("runs")).ExitCode, Is.Zero);
        Assert.That((await Bench.CallHere("run", Bench.Pipeline("fail_at: 1"))).ExitCode, Is.EqualTo(1));
        Assert.That((await Bench.CallHere("run", Bench.Pipeline(more: "neds: []"))).ExitCode, Is.EqualTo(2));
        Assert.That((await Bench.CallHere("status", "nobody")).ExitCode, Is.EqualTo(4));
        Assert.That((await Bench.CallHere("doctor", "--stage-program", "/nowhere")).ExitCode, Is.EqualTo(6));
        File.WriteAllText(Path.Combine(Bench.Folder, "file"), "");
        Assert.That((await Bench.Call("run", Bench.Pipeline(), "--state", Path.Combine(Bench.Folder, "file"))).ExitCode, Is.EqualTo(5));
    }

    [Test]
    public async Task Doctor_LooksAtTheJournalsDatabaseToo()
    {
        var here = (await Bench.CallHere("doctor", "--json")).Json.EnumerateArray().Single(finding => finding.GetProperty("subject").GetString() == "journal");
        Assert.That(here.GetProperty("text").GetString(), Does.EndWith("journal.db will be made"));
        Assert.That(Directory.Exists(Bench.State), Is.False, "a look leaves nothing behind");

        Environment.SetEnvironmentVariable("PIPELINE_STORE", "postgres://nobody:secret@127.0.0.1:1/none"); // nobody listens on the first port
        try
        {
            var away = await Bench.CallHere("doctor");
            Assert.That(away.ExitCode, Is.EqualTo(6));
            Assert.That(away.Out, Does.Contain("postgres://nobody@127.0.0.1:1/none cannot be reached").And.Not.Contain("secret"));
        }
        finally { Environment.SetEnvironmentVariable("PIPELINE_STORE", null); }
    }

    private static string Readme
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Pipeline.sln"))) folder = folder.Parent!;
            return Path.Combine(folder.FullName, "src", "Pipeline.Cli", "README.md");
        }
    }
}
