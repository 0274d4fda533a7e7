using System.Text.Json.Nodes;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Generate;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.Generate;

/// <summary>The verb <c>generate</c>, in this process.</summary>
public sealed class GenerateTest
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Prompt_OnTheTerminal_StreamsWhatAFileOfItHolds()
    {
        var (prompts, answers) = (_folder.Of("prompts.jsonl"), _folder.Of("answers.jsonl"));
        File.WriteAllText(prompts, """
            { "prompt": "add a5 b1" }
            { "prompt": [{ "role": "user", "content": "add a5 b1" }] }

            """);
        Generate("--prompts", prompts, "--out", answers, "--max-tokens", "12", "--seed", "3", "--threads", "1");
        var rows = File.ReadAllLines(answers).Select(line => JsonNode.Parse(line)!).ToList();
        var streamed = Generate("--max-tokens", "12", "--seed", "3", "--threads", "1", "add a5 b1");

        Assert.Multiple(() =>
        {
            Assert.That(rows, Has.Count.EqualTo(2));
            Assert.That(streamed, Does.StartWith((string)rows[0]["completion"]!));
            Assert.That((int)rows[0]["tokens"]!, Is.InRange(1, 12));
            Assert.That((double)rows[0]["log_prob"]!, Is.LessThan(0));
            Assert.That((string)rows[1]["prompt"]![0]!["role"]!, Is.EqualTo("user"));
        });
    }

    [Test]
    public void Prompts_ToParquet_AreRowsForSft()
    {
        var answers = _folder.Of("answers.parquet");
        Generate("--prompts", Miniature.Data("evaluation"), "--out", answers, "--samples", "2", "--max-tokens", "4", "--threads", "1");
        var rows = Dataset.Read<SftRow>(answers);
        Assert.That(rows, Has.Count.EqualTo(2 * Dataset.Read<PromptRow>(Miniature.Data("evaluation")).Count));
        Assert.That(rows.Select(row => row.Messages[^1].Role), Has.All.EqualTo("assistant"));
    }

    [Test]
    public void StreamedText_CharacterOfSeveralTokensAndEscapes_ShowsItWholeAndHarmless()
    {
        var tokenizer = Bytes();
        using var terminal = new StringWriter();
        var text = new StreamedText(tokenizer, terminal);
        foreach (var token in tokenizer.Encode("né \u001b[2J"))
        {
            text.Add(token);
            Assert.That(terminal.ToString(), Does.Not.Contain('\uFFFD'));
        }
        text.End();
        Assert.That(terminal.ToString(), Is.EqualTo("né ^[[2J" + Environment.NewLine));
    }

    /// <summary>A tokenizer with one token a byte, so that é takes two.</summary>
    private Tokenizer Bytes()
    {
        var vocabulary = new JsonObject();
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            // GPT-2's byte alphabet: printable Latin-1 stands for itself, the other bytes get letters from U+0100 on.
            var printable = value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174;
            vocabulary[((char)(printable ? value : next++)).ToString()] = value;
        }
        File.WriteAllText(_folder.Of("tokenizer.json"), $$"""
            { "version": "1.0", "added_tokens": [ { "id": 256, "content": "<|end|>", "special": true } ],
              "pre_tokenizer": { "type": "ByteLevel", "add_prefix_space": false, "use_regex": true }, "decoder": { "type": "ByteLevel" },
              "model": { "type": "BPE", "vocab": {{vocabulary.ToJsonString()}}, "merges": [] } }
            """);
        File.WriteAllText(_folder.Of("tokenizer_config.json"), """{ "eos_token": "<|end|>" }""");
        return Tokenizer.Load(Path.GetDirectoryName(_folder.Of("tokenizer.json"))!);
    }

    [TestCase("--model", "DIR", "hello", "--temperature", "99")]
    [TestCase("--model", "DIR")]
    [TestCase("hello")]
    [TestCase("--model", "DIR", "--prompts", "nowhere.txt", "--out", "x.jsonl")]
    [TestCase("--model", "DIR", "--prompts", "nowhere.txt", "--out", "x.csv")]
    [TestCase("--model", "nowhere", "hello")]
    public void CommandLine_Wrong_ExitsAsAWrongConfiguration(params string[] arguments)
    {
        var before = Console.Error;
        using var error = new StringWriter();
        Console.SetError(error);
        try
        {
            Assert.That(GenerateCommand.Run([.. arguments.Select(argument => argument == "DIR" ? Miniature.Base : argument)]), Is.EqualTo(StageExit.Config));
        }
        finally { Console.SetError(before); }
        Assert.That(error.ToString(), Does.StartWith("error "));
    }

    private static string Generate(params string[] arguments)
    {
        var before = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            Assert.That(GenerateCommand.Run(["--model", Miniature.Base, .. arguments]), Is.EqualTo(StageExit.Done));
            return output.ToString();
        }
        finally { Console.SetOut(before); }
    }
}
