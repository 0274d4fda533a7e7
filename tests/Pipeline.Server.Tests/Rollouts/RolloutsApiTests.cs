using Pipeline.Protocol.Jobs;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Rollouts;

public class RolloutsApiTests
{
    [Test]
    public async Task Rollouts_OfAStep_AreGroupedByPrompt()
    {
        var groups = (await Served.Get($"runs/{SampleState.Live}/stages/r1_zero/rollouts/80"))["groups"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(groups, Has.Count.EqualTo(3));
            Assert.That(groups[0]!["completions"]!.AsArray(), Has.Count.EqualTo(4));
            Assert.That((double)groups[0]!["completions"]![2]!["rewards"]!["accuracy"]!, Is.Zero);
        });
    }

    [Test]
    public async Task Rollouts_StepsThatWereKept_AreListed() =>
        Assert.That((await Served.Get($"runs/{SampleState.Finished}/stages/r1/rollouts")).AsArray().Select(step => (long)step!), Is.EqualTo(new long[] { 60 }));

    [Test]
    public async Task Rollouts_AsVerlWritesThem_AreReadToo()
    {
        var file = Path.Combine(AttemptFolder.Of(Served.State.Folder.Path, SampleState.Finished, "reasoning_rl", 1).Rollouts, "step-000007.jsonl");
        File.WriteAllText(file, """
            {"input": "1 + 1", "output": "2", "score": 1.0, "step": 7, "gts": "2"}
            {"input": "1 + 1", "output": "3", "score": 0.0, "step": 7, "gts": "2"}

            """);
        try
        {
            var group = (await Served.Get($"runs/{SampleState.Finished}/stages/reasoning_rl/rollouts/7"))["groups"]!.AsArray().Single()!;
            Assert.That(group["completions"]!.AsArray().Select(completion => (double)completion!["reward"]!), Is.EqualTo(new[] { 1.0, 0.0 }));
        }
        finally { File.Delete(file); }
    }

    [Test]
    public async Task Rollouts_Filtered_KeepOnlyWhatTheFilterLetsThrough()
    {
        // Of the four completions of each of three prompts, the third is wrong and in another language.
        var view = await Served.Get($"runs/{SampleState.Live}/stages/r1_zero/rollouts/80?filter=mixed");
        Assert.Multiple(() =>
        {
            Assert.That((int)view["found"]!["mixed"]!, Is.EqualTo(3));
            Assert.That((int)view["found"]!["truncated"]!, Is.Zero);
            Assert.That(view["groups"]!.AsArray().Select(group => group!["completions"]!.AsArray().Count), Is.EqualTo(new[] { 1, 1, 1 }));
            Assert.That((int)view["groups"]![0]!["size"]!, Is.EqualTo(4));
        });
    }

    [Test]
    public async Task Rollouts_OfTheSamePromptsInAnotherStage_AreFound()
    {
        var here = (await Served.Get($"runs/{SampleState.Finished}/stages/r1_zero/rollouts/100?take=1"))["groups"]![0]!;
        var there = (await Served.Get($"runs/{SampleState.Finished}/stages/r1/rollouts/60?prompts={here["prompt_id"]}"))["groups"]!.AsArray();
        Assert.That(there.Select(group => (string)group!["prompt"]!), Is.EqualTo(new[] { (string)here["prompt"]! }));
    }

    [Test]
    public async Task Stages_ThatKeptRollouts_AreListed() =>
        Assert.That((await Served.Get($"runs/{SampleState.Finished}/rollouts")).AsArray().Select(stage => (string)stage!["instance"]!),
            Is.EqualTo(new[] { "r1_zero", "reasoning_rl", "r1", "evaluate_base" }));

    [TestCase("filter=nice")]
    [TestCase("filter=17")]
    [TestCase("take=0")]
    [TestCase("skip=-1")]
    public async Task Rollouts_NonsenseAsked_SaysSo(string query) =>
        Assert.That(await Served.Refusal($"runs/{SampleState.Live}/stages/r1_zero/rollouts/80?{query}"), Is.EqualTo((400, ServerErrors.QueryInvalid)));

    [Test]
    public async Task Distribution_OfAStep_AddsUpToOne()
    {
        // Of twelve completions nine have reward 2 and three reward 1: a quarter in the first bin, the rest in the last.
        var distribution = await Served.Get($"runs/{SampleState.Finished}/stages/r1/rollouts/distribution");
        var shares = distribution["shares"]![0]!.AsArray().Select(share => (double)share!).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That((long)distribution["steps"]![0]!, Is.EqualTo(60));
            Assert.That((shares[0], shares[^1]), Is.EqualTo((0.25, 0.75)).Using<(double A, double B)>((a, b) => Math.Abs(a.A - b.A) + Math.Abs(a.B - b.B) < 1e-9 ? 0 : 1));
            Assert.That(((double)distribution["edges"]![0]!, (double)distribution["edges"]![16]!), Is.EqualTo((1.0, 2.0)));
        });
    }

    [Test]
    public async Task Rollouts_OfAStepWithoutAny_AreNotFound() =>
        Assert.That((await Served.Refusal($"runs/{SampleState.Live}/stages/r1_zero/rollouts/81")).Code, Is.EqualTo(ServerErrors.NotFound));
}
