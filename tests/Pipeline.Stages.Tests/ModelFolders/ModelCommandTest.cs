using System.Diagnostics;
using System.Text.Json.Nodes;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Tests.Harness;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.Tests.ModelFolders;

/// <summary><c>pipeline model …</c> as others start it.</summary>
public sealed class ModelCommandTest
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Inspect_OfTheBase_PrintsItsShape()
    {
        var (exitCode, output) = Run("inspect", Miniature.Base);
        Assert.That(exitCode, Is.EqualTo(StageExit.Done), output);
        var json = JsonNode.Parse(output)!;
        Assert.That(((string)json["family"]!, (string)json["head"]!, (int)json["shape"]!["hidden"]!), Is.EqualTo(("llama", "language_model", 32)));
        Assert.That((string)json["tokenizer"]!["digest"]!, Does.StartWith("sha256:"));
    }

    [Test]
    public void Score_OfIds_GivesTheModelsLogProbabilities()
    {
        var (exitCode, output) = Run("score", "--model", Miniature.Base, "--ids", "5,6,7");
        Assert.That(exitCode, Is.EqualTo(StageExit.Done), output);
        using var scope = NewDisposeScope();
        using var model = ModelFolder.LoadLanguageModel(Miniature.Base);
        var expected = nn.functional.log_softmax(model.call(tensor(new long[] { 5, 6 }).unsqueeze(0)), -1)[0];
        var found = JsonNode.Parse(output)!["log_probs"]!.AsArray();
        Assert.That(found[0], Is.Null, "nothing stands before the first");
        Assert.That((float)found[1]!, Is.EqualTo(expected[0, 6].item<float>()).Within(1e-5f));
        Assert.That((float)found[2]!, Is.EqualTo(expected[1, 7].item<float>()).Within(1e-5f));
    }

    [TestCase("--ids", "5,x", "'x'")]
    [TestCase("--ids", "5,100000", "100000")]
    [TestCase("--ids", "5", "at least two")]
    public void Score_OfWhatCannotBe_SaysWhat(string option, string value, string message)
    {
        var (exitCode, output) = Run("score", "--model", Miniature.Base, option, value);
        Assert.That(exitCode, Is.EqualTo(StageExit.Config));
        Assert.That(output, Does.StartWith("error OPTION_INVALID: ").And.Contain(message));
    }

    [Test]
    public void Convert_OfAModelOfHundredsOfMegabytes_HoldsItOnceInMemory()
    {
        // 59 million weights: 8 layers of 4 * 512^2 + 3 * 512 * 4096, and 512 * 1,024 for the embedding, 237 MB in float32.
        var config = new ModelConfig
        {
            Family = ModelFamily.Qwen3, VocabSize = 1_024, HiddenSize = 512, IntermediateSize = 4_096, Layers = 8, Heads = 8, MaxPositions = 64,
        };
        var small = _folder.Of("small");
        using (var model = new LanguageModel(config with { IntermediateSize = 2, Layers = 1 }, seed: 1)) ModelFolder.Save(small, model, new([0]));
        var large = _folder.Of("large");
        using (var model = new LanguageModel(config, seed: null)) ModelFolder.Save(large, model, new([0]), new(ScalarType.BFloat16, 50_000_000));
        var weights = ModelFolder.Inspect(large).Parameters * 4;
        Assert.That(weights, Is.GreaterThan(200_000_000));

        // What the program takes by itself is measured with a model of next to nothing.
        var added = PeakOf("convert", large, "-o", _folder.Of("large-new"), "--shard-mb", "50") - PeakOf("convert", small, "-o", _folder.Of("small-new"));
        Assert.That(added, Is.LessThan(1.1 * weights).And.GreaterThan(0.9 * weights));
    }

    /// <summary>The most memory that the program had at once, in bytes: Linux keeps the mark, so that it only has to be read before the end.</summary>
    private static long PeakOf(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        do
        {
            try
            {
                var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
                if (line is not null) peak = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
            }
            catch (IOException) { } // it has ended
        }
        while (!process.WaitForExit(5));
        Assert.That(process.ExitCode, Is.Zero, error.Result);
        return peak;
    }

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static Process Start(string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Attempt.StageProgram, "model", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
