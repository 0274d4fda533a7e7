namespace Pipeline.Cli.Tests.Commands;

/// <summary>Every way to be wrong has its code, its exit code and its advice.</summary>
public sealed class ErrorTests : CommandTest
{
    [TestCase(new[] { "bogus" }, "`pipeline --help`")]
    [TestCase(new[] { "run" }, "`pipeline run --help`")]
    [TestCase(new[] { "status", "--bogus" }, "`pipeline status --help`")]
    [TestCase(new[] { "runs", "--limit", "many" }, "`pipeline runs --help`")]
    public async Task WrongCommandLine_IsAUsageErrorThatSaysWhereHelpIs(string[] arguments, string help)
    {
        var result = await Bench.Call(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("error USAGE: ").And.Contain(help));
        Assert.That(result.Out, Is.Empty);
    }

    [TestCase("status")]
    [TestCase("verify")]
    [TestCase("report")]
    [TestCase("resume")]
    [TestCase("cancel")]
    public async Task MissingStateFolder_IsNotFound_AndIsNotMade(string verb)
    {
        var result = await Bench.CallHere(verb);
        Assert.That((result.ExitCode, Directory.Exists(Bench.State)), Is.EqualTo((4, false)));
        Assert.That(result.Error, Does.StartWith("error STATE_FOLDER_MISSING: ").And.Contain("--state"));
    }

    [Test]
    public async Task ForeignStateFolder_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(Bench.State);
        File.WriteAllText(Path.Combine(Bench.State, "holiday.jpg"), "");
        var result = await Bench.CallHere("run", Bench.Pipeline());
        Assert.That(result.ExitCode, Is.EqualTo(5));
        Assert.That(result.Error, Does.StartWith("error STATE_FOLDER_FOREIGN: ").And.Contain("holiday.jpg"));
        Assert.That(Directory.EnumerateFileSystemEntries(Bench.State).Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task StateFolderThatIsAFile_IsRefused()
    {
        File.WriteAllText(Bench.State, "");
        var result = await Bench.CallHere("run", Bench.Pipeline());
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((5, result.Error)));
        Assert.That(result.Error, Does.StartWith("error STATE_FOLDER_UNWRITABLE: "));
    }

    [Test]
    public async Task MissingStageProgram_IsToldBeforeAnythingStarts()
    {
        var file = Path.Combine(Bench.Folder, "new.yaml");
        await Bench.Call("init", file);
        var result = await Bench.CallHere("run", file, "--stage-program", "/nowhere");
        Assert.That(result.ExitCode, Is.EqualTo(6));
        Assert.That(result.Error, Does.StartWith("error STAGE_PROGRAM_MISSING: ").And.Contain("/nowhere").And.Contain("PIPELINE_STAGE"));
        Assert.That((await Bench.CallHere("runs", "--json")).Json.GetArrayLength(), Is.Zero, "no run was submitted");
    }

    [Test]
    public async Task Runs_BeforeTheFirst_SaysHowToStartOne()
    {
        var result = await Bench.CallHere("runs");
        Assert.That((result.ExitCode, result.Out), Is.EqualTo((0, "No runs yet. `pipeline run FILE` starts one.\n")));
    }
}
