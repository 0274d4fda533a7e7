using System.Text.Json;

namespace Pipeline.Cli.Tests.Commands;

/// <summary>Verbs that read a pipeline file and start nothing.</summary>
public sealed class FileCommandTests : CommandTest
{
    [Test]
    public async Task Validate_GoodFile_SaysSo()
    {
        var result = await Bench.Call("validate", Bench.Pipeline());
        Assert.That((result.ExitCode, result.Out.Trim(), result.Error), Is.EqualTo((0, "fakes: valid, 2 stages.", "")));
    }

    [Test]
    public async Task Validate_BrokenFile_TellsEveryErrorWithItsPlace()
    {
        var file = Bench.Pipeline(more: "neds: []");
        File.AppendAllText(file, "\n    inputz: {}\n");
        var result = await Bench.Call("validate", file);
        var json = (await Bench.Call("validate", file, "--json")).Json;

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(2).And.All.Contains("pipeline.yaml:"));
        Assert.That(result.Error, Does.Contain("neds").And.Contain("inputz"));
        Assert.That(json.GetProperty("valid").GetBoolean(), Is.False);
        Assert.That(json.GetProperty("errors").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task Validate_MissingFile_IsAnErrorAndNotACrash()
    {
        var result = await Bench.Call("validate", Path.Combine(Bench.Folder, "nowhere.yaml"));
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.Contain("nowhere.yaml").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Init_WritesAPipelineThatIsValid_AndOverwritesNothing()
    {
        var file = Path.Combine(Bench.Folder, "new.yaml");
        Assert.That((await Bench.Call("init", file)).ExitCode, Is.Zero);
        var validated = await Bench.Call("validate", file, "--profile", "quick");
        Assert.That(validated.ExitCode, Is.Zero, validated.Error);

        var again = await Bench.Call("init", file);
        Assert.That((again.ExitCode, again.Error), Is.EqualTo((2, $"error FILE_EXISTS: {file} is there already; nothing was written. Name another file.\n")));
    }

    [Test]
    public async Task Graph_OfTwoStages_IsADiagramWithTheirEdge()
    {
        var result = await Bench.Call("graph", Bench.Pipeline());
        Assert.That(result.Out, Does.StartWith("flowchart").And.Contain("first").And.Contain("-->"));
    }

    [Test]
    public async Task Schema_IsAJsonSchema() =>
        Assert.That(JsonDocument.Parse((await Bench.Call("schema")).Out).RootElement.TryGetProperty("$schema", out _));

    [Test]
    public async Task Plan_BeforeAnyRun_RunsAllAndMakesNoStateFolder()
    {
        var result = await Bench.CallHere("plan", Bench.Pipeline(), "--json");
        Assert.That(result.Json.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("action").GetString()),
            Is.EqualTo(new[] { "run", "run" }));
        Assert.That(Directory.Exists(Bench.State), Is.False);
    }
}
