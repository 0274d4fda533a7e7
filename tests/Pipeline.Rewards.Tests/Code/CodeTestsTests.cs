using System.Text.Json;
using Pipeline.Rewards.Code;

namespace Pipeline.Rewards.Tests.Code;

public class CodeTestsTests
{
    [Test]
    public void Parse_LiveCodeBenchOnStreams_TakesPublicAndPrivateTests() =>
        Assert.That(CodeTests.Parse("""
            {"public_test_cases": [{"input": "1\n", "output": "2\n", "testtype": "stdin"}],
             "private_test_cases": "[{\"input\": \"3\\n\", \"output\": \"4\\n\", \"testtype\": \"stdin\"}]", "metadata": "{}"}
            """), Is.EqualTo(new[] { new StreamTest("1\n", "2\n"), new StreamTest("3\n", "4\n") }));

    // base64.b64encode(zlib.compress(pickle.dumps(json.dumps([{"input": "1\n", "output": "2\n", "testtype": "stdin"}]), protocol=2))), and with protocol 4
    [TestCase("eJxrYIqwYGBgiK5WyswrKC1RslJQMozJU9JRUMovLYEKGEEESlKLS0oqC1JBQsUlKZl5SrWxhQx6AGF6Exw=")]
    [TestCase("eJxrYJlqwwABPRbR1UqZeQWlJUpWCkqGMXlKOgpK+aUlUAEjiEBJanFJSWVBKkiouCQlM0+pNnaKHgCVCRRG")]
    public void Parse_LiveCodeBenchsPackedTests_AreUnpackedWithoutRunningThem(string packed) =>
        Assert.That(CodeTests.Parse($$"""{"public_test_cases": "[]", "private_test_cases": "{{packed}}"}"""), Is.EqualTo(new[] { new StreamTest("1\n", "2\n") }));

    [TestCase("bm8gemxpYg==", Description = "not deflated")]
    [TestCase("eJxL1AMAAPIAkA==", Description = "no such pickle")]
    [TestCase("no base64")]
    public void Parse_PackedTestsOfAnotherKind_AreNoTests(string packed) =>
        Assert.That(CodeTests.Parse($$"""{"public_test_cases": "[]", "private_test_cases": "{{packed}}"}"""), Is.Null);

    [TestCase("""{"public_test_cases": [{"input": "[1, 2]\n3", "output": "[3]", "testtype": "functional"}], "metadata": "{\"func_name\": \"f\"}"}""")]
    [TestCase("""[{"input": "[1, 2]\n3", "output": "[3]", "testtype": "functional", "metadata": {"func_name": "f"}}]""")]
    [TestCase("""{"fn_name": "f", "inputs": [[[1, 2], 3]], "outputs": [[3]]}""")]
    public void Parse_Functions_GivesNameArgumentsAndValue(string groundTruth)
    {
        var test = (FunctionTest)CodeTests.Parse(groundTruth)!.Single();
        Assert.That(test.Function, Is.EqualTo("f"));
        Assert.That(JsonSerializer.Serialize(test.Arguments), Is.EqualTo("[[1,2],3]").Or.EqualTo("[[1, 2],3]"));
        Assert.That(test.Expected.GetRawText(), Is.EqualTo("[3]"));
    }

    [Test]
    public void Parse_AppsOnStreams_TakesTextsAndListsOfLines() =>
        Assert.That(CodeTests.Parse("""{"inputs": ["1 2\n", ["3", "4"]], "outputs": ["3\n", ["7"]]}"""),
            Is.EqualTo(new[] { new StreamTest("1 2\n", "3\n"), new StreamTest("3\n4", "7") }));

    [Test]
    public void Parse_Statements_TakesMbppHumanEvalAndABareList()
    {
        Assert.That(CodeTests.Parse("""{"test_list": ["assert f(1) == 2"], "test_setup_code": "import math"}"""),
            Is.EqualTo(new[] { new AssertionTest("import math\nassert f(1) == 2") }));
        Assert.That(CodeTests.Parse("""{"test": "def check(candidate): pass", "entry_point": "f"}"""),
            Is.EqualTo(new[] { new AssertionTest("def check(candidate): pass\ncheck(f)") }));
        Assert.That(CodeTests.Parse("""["assert f(1) == 2"]"""), Is.EqualTo(new[] { new AssertionTest("assert f(1) == 2") }));
    }

    [TestCase("42")]
    [TestCase("print(1)")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"inputs": [1], "outputs": [2]}""", Description = "numbers are no text")]
    [TestCase("""{"public_test_cases": "eJxrYKllAAC"}""", Description = "LiveCodeBench's packed private tests are to be unpacked first")]
    [TestCase("""[{"input": "1", "output": "2", "testtype": "functional"}]""", Description = "which function?")]
    public void Parse_NoKnownShape_IsNull(string groundTruth) => Assert.That(CodeTests.Parse(groundTruth), Is.Null);
}
