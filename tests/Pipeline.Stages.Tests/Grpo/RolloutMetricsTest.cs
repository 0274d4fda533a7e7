using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Rewards;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Grpo;

namespace Pipeline.Stages.Tests.Grpo;

public sealed class RolloutMetricsTest
{
    [Test]
    public void Of_CompletionsOfWhichTwoReflect_CountsEachOnce()
    {
        var metrics = new Dictionary<string, double>(RolloutMetrics.Of(
        [
            Completion("2 plus 3 is 6. Wait, no: wait. 2 plus 3 is 5"), // two words, one completion
            Completion("espera 5"),
            Completion("the waiter is 5"), // a whole word is meant
            Completion("2 plus 3 is"),
        ], new Reflection(["wait", "espera"])));

        Assert.That(metrics["completions/reflection_ratio"], Is.EqualTo(2 / 4.0));
    }

    private static SampledCompletion Completion(string text) =>
        SampledCompletion.OfText(ChatPrompt.OfMessages(new PromptRow([ChatMessage.User("2 + 3")], "5")), text, length: 9, isTruncated: false);
}
