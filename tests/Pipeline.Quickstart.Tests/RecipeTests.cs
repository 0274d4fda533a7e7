namespace Pipeline.Quickstart.Tests;

/// <summary>The full-size recipes: whole, with tiny models and their own data, so that none can rot; and as they are, in a plan.</summary>
public class RecipeTests
{
    [TestCase("r1-zero", new[] { "base", "R1-Zero" })]
    [TestCase("r1", new[] { "Dev1", "Dev2", "Dev3", "R1" })]
    [TestCase("r1-small", new[] { "base", "R1-Zero", "Dev1", "Dev2", "Dev3" })]
    [TestCase("distill", new[] { "Qwen-1.5B", "Qwen-7B", "Qwen-14B", "Qwen-32B", "Llama-8B", "Llama-70B" })]
    public void Run_Tiny_EndsWithOneRowOfTheReportForEachModel(string recipe, string[] models)
    {
        using var run = new SmokeRun();
        run.Start("run", PublishedPipeline.Recipe(recipe), "--profile", "tiny");
        Assert.That(run.ExitCode(), Is.Zero, run.Said);
        var told = run.Ask("report", "latest").GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString());
        Assert.That(told, Is.EquivalentTo(models));
    }

    // A base and two datasets; the same twice; six bases and two datasets; with the trainers of others a base and two or three.
    [TestCase("r1-zero", 3)]
    [TestCase("r1", 3, "r1_zero", "general", "general_prompts", "helpfulness", "safety")]
    [TestCase("r1-small", 3)]
    [TestCase("distill", 8)]
    [TestCase("trl-grpo", 3)]
    [TestCase("verl-grpo", 4)]
    public void Plan_FullSize_SaysWhatIsFetched(string recipe, int fetched, params string[] given)
    {
        using var run = new SmokeRun();
        var plan = run.Ask(["plan", PublishedPipeline.Recipe(recipe), .. given.SelectMany(name => new[] { "-p", $"{name}={Path.GetTempPath()}" })]);
        var fetches = plan.GetProperty("stages").EnumerateArray().Where(stage => stage.GetProperty("uses").GetString()!.StartsWith("fetch_")).ToList();
        Assert.That(fetches, Has.Count.EqualTo(fetched));
        Assert.That(fetches.Select(stage => stage.GetProperty("why").GetString()), Has.All.Contains("; fetches ").And.All.Contains(", commit "));
    }
}
