using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Tests;

namespace Pipeline.Quickstart.Tests;

/// <summary>The whole recipe with real models, as child processes, from the published folder.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public class SmokeTests
{
    private static readonly string[] s_run = ["run", PublishedPipeline.QuickstartFile, "--profile", "smoke"];
    private readonly SmokeRun _unbroken = new();

    [OneTimeSetUp]
    public void RunOnce()
    {
        _unbroken.Start(s_run);
        Assert.That(_unbroken.ExitCode(), Is.Zero, _unbroken.Said);
    }

    [OneTimeTearDown]
    public void Remove() => _unbroken.Dispose();

    [Test]
    public void Run_Ends_WithOneRowOfTheReportForEachModel()
    {
        var report = _unbroken.Ask("report", "latest");
        var names = report.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString());
        Assert.That(names, Is.EqualTo(new[] { "base", "R1-Zero", "Dev1", "Dev2", "Dev3", "R1", "distilled", "small, RL" }));
    }

    [Test]
    public void Report_HoldsEveryClaimAgainstWhatWasMeasured()
    {
        var rows = _unbroken.Ask("report", "latest").GetProperty("claims").EnumerateArray()
            .SelectMany(claim => claim.GetProperty("expectations").EnumerateArray()).SelectMany(row => row.GetProperty("cases").EnumerateArray()).ToList();
        Assert.That(rows, Has.Count.GreaterThanOrEqualTo(10));
        Assert.That(rows.Select(row => row.GetProperty("holds").GetString()), Has.None.EqualTo("not_measured"));
    }

    [Test]
    public void Run_Again_TakesEveryStageFromTheCache()
    {
        using var again = new SmokeRun(_unbroken);
        again.Start(s_run);
        Assert.That(again.ExitCode(), Is.Zero, again.Said);
        var states = again.Ask("status", "latest").GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("state").GetString());
        Assert.That(states, Is.All.EqualTo("cached"));
    }

    [Test]
    public void Release_OfAModel_TellsItsResults_AndItsPipelineMakesItAgain()
    {
        using var again = new SmokeRun(_unbroken);
        var folder = Path.Combine(Path.GetTempPath(), $"released-{Guid.NewGuid():N}");
        try
        {
            var told = again.Ask("release", "latest", "--stage", "r1", "--to", folder);
            Assert.That(told.GetProperty("files").EnumerateArray().Select(file => file.GetString()), Is.SupersetOf(new[] { "README.md", "SHA256SUMS", "config.json", "model.safetensors", "pipeline.yaml", "tokenizer.json" }));
            Assert.That(File.ReadAllText(Path.Combine(folder, "README.md")), Does.Match(@"\| \*\*R1\*\* \| \d+\.\d % \| \d+\.\d % to \d+\.\d % \|").And.Contain("| Dev3 |"));
            var plan = again.Ask("plan", Path.Combine(folder, "pipeline.yaml")).GetProperty("stages").EnumerateArray();
            Assert.That(plan.Select(stage => $"{stage.GetProperty("id")} {stage.GetProperty("action")}"), Is.All.EndsWith(" cached"));
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void EvaluationPrompts_OccurInNoTrainingRow_InAnyOrderOrLanguage()
    {
        static string Unordered(PromptRow row) => string.Join(' ', row.Prompt[0].Content.Split(' ').Skip(1).Order());
        var heldOut = Dataset.Read<PromptRow>(_unbroken.Output("data", "evaluation")).Select(Unordered).ToHashSet();
        var training = Dataset.Read<PromptRow>(_unbroken.Output("data", "prompts")).Select(Unordered);
        var coldStart = Dataset.Read<SftRow>(_unbroken.Output("data", "cold_start")).Select(row => string.Join(' ', row.Messages[0].Content.Split(' ').Skip(1).Order()));
        Assert.That(heldOut, Is.Not.Empty);
        Assert.That(training.Concat(coldStart).Where(heldOut.Contains), Is.Empty);
    }

    [Test]
    public void Run_KilledInSftAndInGrpoAndWithoutItsEngine_EndsWithTheSameModels()
    {
        using var broken = new SmokeRun();
        broken.Start(s_run);
        foreach (var instance in new[] { "r1_zero", "cold_start" })
        {
            broken.AwaitSteps(instance, step: 1);
            broken.KillJob(instance);
        }
        broken.AwaitSteps("reasoning_rl", step: 1);
        broken.KillEngine();
        broken.Start("resume", "latest");

        Assert.That(broken.ExitCode(), Is.Zero, broken.Said);
        var attempts = broken.Ask("status", "latest").GetProperty("stages").EnumerateArray()
            .ToDictionary(stage => stage.GetProperty("id").GetString()!, stage => stage.GetProperty("attempts").GetInt32());
        Assert.That(attempts["r1_zero"], Is.EqualTo(2), "the kill must have been one");
        Assert.That(attempts["cold_start"], Is.EqualTo(2));
        Assert.That(attempts["reasoning_rl"], Is.EqualTo(1), "its engine was killed, not the job");
        Assert.That(broken.Digests(), Is.EqualTo(_unbroken.Digests()));
    }

    [Test]
    public void Run_OnSlurm_WithoutItsEngineForAWhile_EndsWithTheSameModels()
    {
        using var cluster = SlurmCluster.Start(("SLURM_LOCAL_NODES", "1"), ("SLURM_LOCAL_CPUS", Environment.ProcessorCount.ToString()));
        using var clustered = new SmokeRun();
        clustered.Start([.. s_run, "--set", "defaults.executor=slurm"]);
        clustered.AwaitSteps("reasoning_rl", step: 1);
        clustered.KillEngine();
        clustered.Start("resume", "latest");

        Assert.That(clustered.ExitCode(), Is.Zero, clustered.Said);
        var attempts = clustered.Ask("status", "latest").GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("attempts").GetInt32());
        Assert.That(attempts, Is.All.EqualTo(1));
        Assert.That(clustered.Digests(), Is.EqualTo(_unbroken.Digests()));
    }
}
