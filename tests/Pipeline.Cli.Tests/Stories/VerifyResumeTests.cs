using System.Text.Json;
using Pipeline.Cli.Verifying;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Tests.Stories;

/// <summary>A person tries whether a stage of theirs resumes exactly.</summary>
public sealed class VerifyResumeTests
{
    private const string Pipeline = """
        apiVersion: pipeline/v1
        kind: Pipeline
        name: small
        stages:
          data:
            uses: generate_data
            with: { corpus_rows: 60, prompt_rows: 8, evaluation_rows: 4, cold_start_rows: 8, general_rows: 4, preference_rows: 8 }
          base:
            uses: pretrain
            inputs: { dataset: "${{ stages.data.outputs.corpus }}", tokenizer: "${{ stages.data.outputs.tokenizer }}" }
            with:
              shape: { hidden: 32, layers: 2, heads: 2, kv_heads: 1, intermediate: 64 }
              steps: 1000
              batch_size: 4
              sequence_length: 64
            resources: { cpus: 1 }
        """;

    [Test]
    public async Task VerifyResume_OfAStageThatResumesExactly_SaysSo()
    {
        using var bench = new CommandBench();
        var file = Path.Combine(bench.Folder, "small.yaml");
        File.WriteAllText(file, Pipeline);
        string[] words = ["verify-resume", file, "--stage", "base", "--steps", "3"];
        var verified = ChildProcess.Do(bench, words);
        Assert.That(verified.ExitCode, Is.Zero, verified.Error + verified.Out);
        Assert.Multiple(() =>
        {
            Assert.That(verified.Out, Does.Contain("output model: equal").And.Contain("last checkpoint: equal").And.Contain("metrics of every step: equal"));
            Assert.That(verified.Out, Does.Match("base resumes exactly: stopped [12] times and killed 1 times"));
            Assert.That(Directory.GetDirectories(Path.Combine(bench.State, "verify-resume")), Is.Empty, "what was equal is not kept");
        });

        // The undisturbed run comes from the cache now.
        var asJson = ChildProcess.Do(bench, [.. words, "--json"]);
        Assert.That(JsonDocument.Parse(asJson.Out).RootElement.GetProperty("exact").GetBoolean(), asJson.Error);

        var wrong = await bench.CallHere("verify-resume", file, "--stage", "data");
        Assert.That(wrong.ExitCode, Is.EqualTo(2));
        Assert.That(wrong.Error, Does.StartWith("error STAGE_DOES_NOT_TRAIN: data is generate_data"));
    }

    [TestCase("metrics.jsonl", "\"loss\":2", "\"loss\":2.0000001", "metrics of every step: step 2: loss is 2 unbroken and 2.0000001 resumed")]
    [TestCase("metrics.jsonl", "\"step_time\":1", "\"step_time\":7", null)]
    [TestCase("checkpoints/step-000002/optimizer.safetensors", "moment", "momenT", "last checkpoint: step-000002/optimizer.safetensors differs")]
    [TestCase("rollouts/step-000001.parquet", "text", "texT", "samples of step-000001: they differ")]
    [TestCase("result.json", "sha256:1", "sha256:2", "output model: its digest is sha256:1 unbroken and sha256:2 resumed")]
    public void Comparison_OfAttempts_FindsWhatDiffersButForTheClock(string file, string from, string to, string? difference)
    {
        using var bench = new CommandBench();
        var (unbroken, broken) = (Attempt("unbroken"), Attempt("broken"));
        var path = Path.Combine(broken.Path, file);
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
        var different = ResumeComparison.Of(unbroken, [broken]).Where(one => one.Difference is not null).Select(one => $"{one.What}: {one.Difference}");
        Assert.That(different, Is.EqualTo(difference is null ? [] : new[] { difference }));

        AttemptFolder Attempt(string name)
        {
            var attempt = new AttemptFolder(Path.Combine(bench.Folder, name));
            Directory.CreateDirectory(Path.Combine(attempt.Checkpoints, "step-000002"));
            Directory.CreateDirectory(attempt.Rollouts);
            File.WriteAllText(attempt.Metrics, "{\"step\":1,\"loss\":3,\"step_time\":1}\n{\"step\":2,\"loss\":2,\"step_time\":1}\n");
            File.WriteAllText(Path.Combine(attempt.Checkpoints, "step-000002", "optimizer.safetensors"), "moment");
            File.WriteAllText(Path.Combine(attempt.Rollouts, "step-000001.parquet"), "text");
            WholeFile.WriteJson(attempt.Result, new ResultFile
            {
                Token = name, Outputs = new Dictionary<string, ResultOutput> { ["model"] = new(ArtifactKind.Model, "sha256:1") },
                Metrics = new Dictionary<string, double> { ["loss"] = 2 },
            });
            return attempt;
        }
    }
}
