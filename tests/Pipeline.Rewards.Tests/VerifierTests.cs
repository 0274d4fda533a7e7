using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Tests;

public class VerifierTests
{
    private const string Tests = """{"inputs": ["2 3"], "outputs": ["5"]}""";

    private static readonly Verifier s_verifier = new(AnswerForm.Any, new CodeGrading { Language = CodeLanguage.JavaScript });

    [Test]
    public async Task Score_PromptsOfBothKinds_AreJudgedEachInItsWayAndKeepTheirOrder()
    {
        const string adds = "```js\nconst [a, b] = readline().split(' ').map(Number); console.log(a + b)\n```";
        var scores = await s_verifier.ScoreAsync(
        [
            Completions.Of("<answer>5</answer>", "5"), Code(adds), Completions.Of("<answer>6</answer>", "5"), Code("```js\nconsole.log(6)\n```"), Code("<answer>5</answer>"),
        ], CancellationToken.None);
        Assert.That(scores.Select(score => score.Outcome), Is.EqualTo(new[]
        {
            RewardOutcome.Correct, RewardOutcome.Correct, RewardOutcome.Wrong, RewardOutcome.Wrong, RewardOutcome.NoAnswer,
        }));
    }

    [TestCase("code", Tests, true)]
    [TestCase("code", "5", false, Description = "no tests")]
    [TestCase("math", "5", true)]
    [TestCase("math", "{", false, Description = "torn")]
    [TestCase(null, "5", true)]
    public void CanJudge_AGroundTruth_DependsOnWhatItIsFor(string? ability, string truth, bool can) => Assert.That(Verifier.CanJudge(ability, truth), Is.EqualTo(can));

    private static RewardInput Code(string completion) => Completions.Of(completion, Tests) with { Ability = Verifier.CodeAbility };
}
