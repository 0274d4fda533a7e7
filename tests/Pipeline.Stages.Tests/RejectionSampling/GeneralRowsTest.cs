using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Stages.RejectionSampling;

namespace Pipeline.Stages.Tests.RejectionSampling;

public sealed class GeneralRowsTest
{
    [TestCase("hello", "<think>\na greeting\n</think>\n\nhello, how can i help?", "hello, how can i help?")]
    [TestCase("hello", "hello, how can i help?", "hello, how can i help?", Description = "nothing to take away")]
    [TestCase("hello", "<think>\ncut off", "<think>\ncut off", Description = "nothing would be left")]
    [TestCase("reverse the word sun", "<think>\nletters\n</think>\n\nnus", "<think>\nletters\n</think>\n\nnus", Description = "four words")]
    public void Plain_RequestOfAtMostTwoWords_IsAnsweredWithoutThought(string request, string answer, string learnt)
    {
        var row = new SftRow([ChatMessage.User(request), ChatMessage.Assistant(answer)], "en", "general");
        Assert.That(GeneralRows.Plain(row, trivialWords: 2).Messages[^1].Content, Is.EqualTo(learnt));
    }

    [Test]
    public void Plain_WithoutTheSetting_IsTheRowAsItWas()
    {
        var row = new SftRow([ChatMessage.User("hello"), ChatMessage.Assistant("<think>a</think>b")]);
        Assert.That(GeneralRows.Plain(row, trivialWords: 0), Is.SameAs(row));
    }
}
