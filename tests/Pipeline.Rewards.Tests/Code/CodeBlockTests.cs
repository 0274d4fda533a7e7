using Pipeline.Protocol.Options;
using Pipeline.Rewards.Code;

namespace Pipeline.Rewards.Tests.Code;

public class CodeBlockTests
{
    [TestCase("<think>\n```python\na\n```\n</think>\n```python\nb\n```", "b\n", Description = "what was only thought of is no answer")]
    [TestCase("```python\na\n```\n```py\nb\n```\nIt prints\n```\n3\n```", "b\n", Description = "the last program, not the example of its output")]
    [TestCase("```\na\n```\nor\n```\nb\n```", "b\n")]
    [TestCase("1. So:\n   ```Python3 title=x\n   a\n   ```", "   a\n")]
    [TestCase("```javascript\na\n```", null, Description = "another language")]
    [TestCase("```python\na", null, Description = "cut off")]
    [TestCase("print(1)", null)]
    [TestCase("<think>```python\na\n```", null, Description = "still thinking")]
    public void Find_Python_IsTheLastFencedBlockAfterTheThought(string text, string? program) =>
        Assert.That(CodeBlock.Find(text, CodeLanguage.Python), Is.EqualTo(program));

    [Test]
    public void Find_JavaScript_PassesPythonOver() =>
        Assert.That(CodeBlock.Find("```js\na\n```\n```python\nb\n```", CodeLanguage.JavaScript), Is.EqualTo("a\n"));
}
