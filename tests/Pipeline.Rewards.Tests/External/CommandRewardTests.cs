using Pipeline.Protocol.Options;
using Pipeline.Rewards.External;

namespace Pipeline.Rewards.Tests.External;

public class CommandRewardTests
{
    [Test]
    public async Task Score_Batches_AreAnsweredByOneProgram()
    {
        // Counts the rows it was given, so a program started anew would begin at 1 again.
        await using var reward = Shell("n=0; while read -r row; do n=$((n + 1)); echo $n; done");
        Assert.That(await Values(reward, "a", "b"), Is.EqualTo(new[] { 1.0, 2 }));
        Assert.That(await Values(reward, "c"), Is.EqualTo(new[] { 3.0 }));
    }

    [Test]
    public async Task Score_Row_IsOneLineOfJson()
    {
        await using var reward = Shell("""while read -r row; do case "$row" in *'"completion":"a\nb","ground_truth":"5"'*) echo 1;; *) echo null;; esac; done""");
        Assert.That((await reward.ScoreAsync([Completions.Of("a\nb", "5")], CancellationToken.None))[0], Is.EqualTo(new RewardScore(1)));
        Assert.That((await reward.ScoreAsync([Completions.Of("c", "5")], CancellationToken.None))[0], Is.EqualTo(RewardScore.NotApplicable));
    }

    [Test]
    public async Task Score_ProgramDies_IsStartedAgainAndAskedForTheRest()
    {
        await using var reward = Shell("read -r row; echo 1"); // answers one row and ends
        Assert.That(await Values(reward, "a", "b", "c"), Is.EqualTo(new[] { 1.0, 1, 1 }));
    }

    [Test]
    public async Task Score_ManyRows_DoNotBlockEachOther()
    {
        // 2 MB of rows and 2 MB of answers are more than pipes hold: who writes all before reading would wait for ever.
        await using var reward = Shell("while read -r row; do printf '%1000d\\n' 7; done");
        var scores = await reward.ScoreAsync([.. Enumerable.Repeat(Completions.Of(new string('x', 1000)), 2000)], CancellationToken.None);
        Assert.That(scores.Select(score => score.Value).Distinct(), Is.EqualTo(new[] { 7.0 }));
    }

    [TestCase("echo why >&2; exit 1", "why")]
    [TestCase("echo hello; sleep 100", "hello")]
    public async Task Score_NoScores_IsAnErrorThatShowsWhatCame(string script, string shown)
    {
        await using var reward = Shell(script);
        var error = (await Assert.ThrowsAsync<RewardException>(async () => await reward.ScoreAsync([Completions.Of("a")], CancellationToken.None)))!;
        Assert.That(error.Code, Is.EqualTo(RewardException.Command));
        Assert.That(error.Message, Does.Contain("'command'").And.Contain(shown));
    }

    [Test]
    public async Task Score_NoSuchProgram_IsAnError()
    {
        var reward = new CommandReward("command", new CommandTerm { Command = ["/no/such/program"] });
        var error = (await Assert.ThrowsAsync<RewardException>(async () => await reward.ScoreAsync([Completions.Of("a")], CancellationToken.None)))!;
        Assert.That(error.Message, Does.Contain("/no/such/program"));
    }

    [Test]
    public async Task Score_RowThatTakesTooLong_HasNoScoreAndTheOthersDo()
    {
        await using var reward = Shell("""while read -r row; do case "$row" in *slow*) sleep 1000;; esac; echo 1; done""", seconds: 1);
        var scores = await reward.ScoreAsync([Completions.Of("a"), Completions.Of("slow"), Completions.Of("b")], CancellationToken.None);
        Assert.That(scores, Is.EqualTo(new[] { new RewardScore(1), RewardScore.TimedOut, new(1) }));
    }

    [Test]
    public async Task Score_Cancelled_DoesNotTakeOldAnswersForNew()
    {
        // Two rows are asked and only the first answered; after giving up, the program's memory of them must not answer the next.
        await using var reward = Shell("""while read -r row; do case "$row" in *wait*) sleep 1000;; esac; echo 5; done""");
        using var stop = new CancellationTokenSource();
        var scoring = reward.ScoreAsync([Completions.Of("wait")], stop.Token).AsTask();
        await stop.CancelAsync();
        Assert.That(async () => await scoring, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Values(reward, "a"), Is.EqualTo(new[] { 5.0 }));
    }

    private static CommandReward Shell(string script, int seconds = 60) => new("command", new CommandTerm { Command = ["/bin/sh", "-c", script], TimeoutSeconds = seconds });

    private static async Task<IEnumerable<double>> Values(CommandReward reward, params string[] completions) =>
        (await reward.ScoreAsync([.. completions.Select(completion => Completions.Of(completion))], CancellationToken.None)).Select(score => score.Value);
}
