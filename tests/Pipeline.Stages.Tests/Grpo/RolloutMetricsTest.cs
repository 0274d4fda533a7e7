using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Rewards;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Grpo;

namespace Pipeline.Stages.Tests.Grpo;

public sealed class RolloutMetricsTest
{
    [Test]
    public void Of_CompletionsOfWhichTwoReflect_CountsThemOnceEachAndLooksBesideThoseCutOff()
    {
        var metrics = new Dictionary<string, double>(RolloutMetrics.Of(
        [
            Completion("2 plus 3 is 6. Wait, no: wait. 2 plus 3 is 5", length: 16), // two words, one completion
            Completion("espera 5", length: 4),
            Completion("the waiter is 5", length: 6), // a whole word is meant
            Completion("2 plus 3 is", length: 8, isTruncated: true),
        ], new Reflection(["wait", "espera"])));

        Assert.That(metrics["completions/reflection_ratio"], Is.EqualTo(2 / 4.0));
        Assert.That((metrics["completions/mean_length"], metrics["completions/mean_terminated_length"]), Is.EqualTo(((16 + 4 + 6 + 8) / 4.0, (16 + 4 + 6) / 3.0)));
    }

    private static SampledCompletion Completion(string text, int length, bool isTruncated = false) =>
        SampledCompletion.OfText(ChatPrompt.OfMessages(new PromptRow([ChatMessage.User("2 + 3")], "5")), text, length, isTruncated);
}
