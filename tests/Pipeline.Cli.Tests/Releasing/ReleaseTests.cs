using System.Diagnostics;
using Pipeline.Cli.Releasing;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Cli.Tests.Releasing;

/// <summary>A model of a finished run as a folder that can be given away.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class ReleaseTests
{
    private readonly CommandBench _bench = new();

    private string Target(string name) => Path.Combine(_bench.Folder, name);

    private Task<CommandResult> Release(string stage, string target, params string[] more) =>
        _bench.CallHere("release", ["latest", "--stage", stage, "--to", target, .. more]);

    [OneTimeSetUp]
    public async Task RunOnce()
    {
        Directory.CreateDirectory(Target("base"));
        File.WriteAllText(Path.Combine(Target("base"), "README.md"), "---\nlicense: apache-2.0\nlanguage: en\n---\n# A base\n");
        File.WriteAllText(Path.Combine(Target("base"), "LICENSE"), "Apache License\n");
        var file = _bench.Pipeline(more: "inputs: { base: base }");
        var text = File.ReadAllText(file); // the second stage makes a model, the first something else
        var second = text.LastIndexOf("chain: file", StringComparison.Ordinal);
        File.WriteAllText(file, text[..second] + "chain: model" + text[(second + "chain: file".Length)..]);
        var run = await _bench.CallHere("run", file);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
    }

    [OneTimeTearDown]
    public void Remove() => _bench.Dispose();

    [Test]
    public async Task Release_OfAModel_IsItsFolderWithCardHashesLicencesAndPipeline()
    {
        var told = await Release("second", Target("given"), "--json");
        Assert.That(told.ExitCode, Is.Zero, told.Error);
        var names = Directory.GetFiles(Target("given")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
        Assert.That(names, Is.EqualTo(new[] { "LICENSE", "README.md", "SHA256SUMS", "chain.txt", "pipeline.yaml" }));
        Assert.That(told.Json.GetProperty("files").EnumerateArray().Select(file => file.GetString()), Is.EquivalentTo(names));
        using var check = Process.Start(new ProcessStartInfo("sha256sum", ["--check", "--strict", "SHA256SUMS"]) { WorkingDirectory = Target("given"), RedirectStandardOutput = true })!;
        Assert.That(check.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(4).And.All.EndsWith(": OK"));

        var card = File.ReadAllText(Path.Combine(Target("given"), "README.md"));
        Assert.That(card, Does.StartWith("---\nlibrary_name: transformers\n").And.Contain("# fakes, second").And.Contain("| first | command | base |"));
        Assert.That(card, Does.Contain("| base | ").And.Contain("| apache-2.0 |"));
        Assert.That(card, Does.Contain("\"steps\": 2"), "the settings of every stage");
    }

    [Test]
    public async Task Release_ItsPipeline_MakesTheSame_AsTheCacheKnows()
    {
        Assert.That((await Release("second", Target("again"))).ExitCode, Is.Zero);
        var plan = await _bench.CallHere("plan", Path.Combine(Target("again"), "pipeline.yaml"), "--json");
        Assert.That(plan.ExitCode, Is.Zero, plan.Error);
        Assert.That(plan.Json.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("action").GetString()), Is.EqualTo(new[] { "cached", "cached" }), plan.Out);
    }

    [Test]
    public async Task Release_IntoAFolderThatIsNotEmpty_IsRefused_AndLeavesItAlone()
    {
        Directory.CreateDirectory(Target("mine"));
        File.WriteAllText(Path.Combine(Target("mine"), "thesis.tex"), "mine");
        var told = await Release("second", Target("mine"));
        Assert.That((told.ExitCode, told.Error), Is.EqualTo((2, told.Error)));
        Assert.That(told.Error, Does.StartWith("error FOLDER_NOT_EMPTY: "));
        Assert.That(Directory.GetFiles(Target("mine")), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Release_OfAnEmptyFolder_TakesIt()
    {
        Directory.CreateDirectory(Target("empty"));
        Assert.That((await Release("second", Target("empty"))).ExitCode, Is.Zero);
        Assert.That(Path.Combine(Target("empty"), "SHA256SUMS"), Does.Exist);
    }

    [TestCase("first", 2, "RELEASE_NO_MODEL", "second")]
    [TestCase("third", 4, "STAGE_UNKNOWN", "first, second")]
    public async Task Release_OfWhatIsNoModel_SaysWhichThereAre(string stage, int exitCode, string code, string says)
    {
        var told = await Release(stage, Target("none"));
        Assert.That(told.ExitCode, Is.EqualTo(exitCode));
        Assert.That(told.Error, Does.StartWith($"error {code}: ").And.Contain(says));
        Assert.That(Target("none"), Does.Not.Exist);
    }

    [Test]
    public async Task Release_OfAModelThatWasTouched_IsRefused_AndLeavesNothing()
    {
        var artifact = (await _bench.CallHere("verify", "--json")).Json.GetProperty("artifacts").EnumerateArray().Single(one => one.GetProperty("stage").GetString() == "second").GetProperty("path").GetString()!;
        var (file, before) = (Path.Combine(artifact, "chain.txt"), Directory.GetFileSystemEntries(_bench.Folder).Length);
        var text = File.ReadAllText(file);
        File.AppendAllText(file, "x");
        try
        {
            var told = await Release("second", Target("touched"));
            Assert.That(told.ExitCode, Is.EqualTo(1));
            Assert.That(told.Error, Does.StartWith("error ARTIFACT_CHANGED: "));
            Assert.That(Directory.GetFileSystemEntries(_bench.Folder), Has.Length.EqualTo(before), "neither the folder nor a part of it");
        }
        finally { File.WriteAllText(file, text); }
    }
}

/// <summary>What follows for a model from the licences of what it was made of.</summary>
public sealed class LicencesTests
{
    private string _folder = "";

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("licences-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestCase("apache-2.0", "mit", ExpectedResult = "apache-2.0")]
    [TestCase("apache-2.0", "cc-by-nc-4.0", ExpectedResult = "cc-by-nc-4.0")]
    [TestCase("llama3.1", "llama3.1", ExpectedResult = "llama3.1")]
    public string? Licence_FollowsFromTheStrictestOfItsSources(string ofBase, string ofData)
    {
        var licences = Licences.Of([Source("base", ArtifactKind.Model, ofBase), Source("data", ArtifactKind.Dataset, ofData)], chosen: null);
        Assert.That(licences.Warnings, Is.Empty);
        return licences.Licence;
    }

    [Test]
    public void Licence_OfTwoThatMayNotGoTogether_IsLeftToAPerson()
    {
        var licences = Licences.Of([Source("base", ArtifactKind.Model, "llama3.1"), Source("data", ArtifactKind.Dataset, "cc-by-nc-4.0")], chosen: null);
        Assert.That(licences.Licence, Is.Null);
        Assert.That(licences.Warnings.Single(), Does.Contain("llama3.1 (base)").And.Contain("cc-by-nc-4.0 (data)"));
    }

    [Test]
    public void Licence_ThatIsUnknown_IsTold_NeverGuessed()
    {
        var licences = Licences.Of([Source("base", ArtifactKind.Model, "mit"), Source("data", ArtifactKind.Dataset, null)], chosen: null);
        Assert.That(licences.Licence, Is.Null);
        Assert.That(licences.Warnings.Single(), Does.Contain("data is not known"));
    }

    [Test]
    public void Licence_ThatAPersonGives_IsTaken_AndAConflictTold()
    {
        var licences = Licences.Of([Source("base", ArtifactKind.Model, "cc-by-nc-4.0")], chosen: "mit");
        Assert.That(licences.Licence, Is.EqualTo("mit"));
        Assert.That(licences.Warnings.Single(), Does.Contain("base is under cc-by-nc-4.0"));
    }

    [Test]
    public void Licence_OfWhatWasGenerated_IsFree() => Assert.That(Licences.Of([], chosen: null).Warnings.Single(), Does.Contain("--license"));

    private LineageSource Source(string name, string kind, string? licence)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        if (licence is not null) File.WriteAllText(Path.Combine(folder, "README.md"), $"---\ntags: [x]\nlicense: {licence}\n---\n\nlicense: none of this\n");
        return new(name, null, kind, folder, "sha256:0");
    }
}
