using System.Diagnostics;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;
using Pipeline.Training.Checkpoints;

namespace Pipeline.Stages.Tests;

/// <summary>
/// However often a stage is stopped or killed, it ends with the weights, optimizer and metrics of a run that was never
/// interrupted, to the last bit.
/// </summary>
public sealed class ResumeTest
{
    private const string Sft = """{ "epochs": 12, "batch_size": 16, "micro_batch_size": 8, "learning_rate": 0.002 }"""; // 48 rows: 36 steps
    private const string Grpo = """
        { "steps": 18, "prompts_per_step": 4, "group_size": 4, "mini_batches": 2, "micro_batch_size": 4, "learning_rate": 0.001,
          "sampling": { "max_tokens": 20 }, "kl_coefficient": 0.01, "reference": { "replace": { "every": 5 } },
          "evaluate": { "prompts": "evaluate.prompts", "every": 6, "samples": 2, "limit": 4, "sampling": { "max_tokens": 16 } } }
        """;

    // All that a step may remember or draw beside the weights: dynamic sampling, pass rates, a moving reference, streaks of stop_when.
    private const string GrpoFamily = """
        { "steps": 12, "prompts_per_step": 4, "group_size": 4, "mini_batches": 2, "inner_epochs": 2, "micro_batch_size": 4, "learning_rate": 0.001,
          "sampling": { "max_tokens": 20, "batch_size": 6 }, "kl_coefficient": 0.01, "kl_in": "reward", "reference": { "ema": { "decay": 0.8 } },
          "algorithm": { "gspo": {} }, "importance_correction": {}, "entropy_coefficient": 0.01, "mask_truncated": true,
          "dynamic_sampling": { "max_rounds": 2 }, "curriculum": { "max_pass_rate": 0.5, "min_pass_rate": 0.1 },
          "rewards": [{ "accuracy": {} }, { "format": {} }, { "soft_overlong": { "limit": 20, "margin": 8 } }] }
        """;

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("sft", Sft, 36, 1)]
    [TestCase("grpo", Grpo, 18, 2)]
    public void Stage_KilledAtRandomMoments_EndsAsIfNothingHadHappened(string kind, string options, int steps, int seed)
    {
        var unbroken = Attempt(kind, options, "unbroken").MustSucceed();

        var random = new Random(seed);
        var attempts = new List<Attempt>();
        var kills = 0;
        do
        {
            attempts.Add(Attempt(kind, options, "broken", attempts));
            using var process = attempts[^1].Start();
            if (attempts.Count <= 4 && Reaches(process, attempts[^1], lines: random.Next(1, 5)))
            {
                Thread.Sleep(random.Next(25)); // any moment is to do: sampling, a backward pass, half a checkpoint
                process.Kill();
                kills++;
            }
            process.WaitForExit();
        }
        while (!File.Exists(attempts[^1].Folder.Result) && attempts.Count < 12);

        Assert.That(kills, Is.GreaterThanOrEqualTo(3), "the test must not pass by killing nobody");
        AssertEqual(unbroken, attempts, steps);
    }

    [TestCase("sft", Sft, 36)]
    [TestCase("grpo", Grpo, 18)]
    [TestCase("grpo", GrpoFamily, 12)]
    public void Stage_AskedToStop_WritesACheckpointExits75AndGoesOn(string kind, string options, int steps)
    {
        var unbroken = Attempt(kind, options, "unbroken").MustSucceed();

        var stopped = Attempt(kind, options, "broken");
        using (var process = stopped.Start())
        {
            Assert.That(Reaches(process, stopped, lines: 4));
            Process.Start("kill", ["-TERM", process.Id.ToString()]).WaitForExit();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.EqualTo(StageExit.Interrupted), stopped.Error);
        }
        Assert.Multiple(() =>
        {
            Assert.That(File.Exists(stopped.Folder.Result), Is.False);
            Assert.That(stopped.Events.Select(one => one.Kind), Does.Contain(StageEventKind.Checkpoint).And.Contain(StageEventKind.Stopped));
        });
        var goesOn = Attempt(kind, options, "broken", [stopped]).MustSucceed();
        AssertEqual(unbroken, [stopped, goesOn], steps);
    }

    [TestCase("evaluation", "evaluation")]
    [TestCase("rejection_sampling", "dataset")]
    public void SamplingStage_AskedToStop_GoesOnWithTheSameCompletions(string kind, string output)
    {
        const string options = """{ "samples": 2, "sampling": { "max_tokens": 20, "batch_size": 4 }""";
        var all = options + (kind == "evaluation" ? "}" : """, "format": null, "max_repetition": 1 }""");
        (string, string)[] inputs = [("model", Attempt("sft", Sft, "learnt").MustSucceed().Output()), ("prompts", Miniature.Data(kind == "evaluation" ? "evaluation" : "prompts"))];
        var unbroken = Harness.Attempt.Of(_folder.Of("unbroken"), kind, all, inputs).MustSucceed();

        using var stop = new StopRequest();
        var stopped = Harness.Attempt.Of(_folder.Of("broken"), kind, all, inputs, job => AsUnbroken(job));
        var running = Task.Factory.StartNew(() => stopped.Run(stop), TaskCreationOptions.LongRunning);
        SpinWait.SpinUntil(() => running.IsCompleted || stopped.Metrics.Count >= 1);
        stop.Ask();
        Assert.That(running.Result, Is.EqualTo(StageExit.Interrupted), stopped.Error);

        var goesOn = Harness.Attempt.Of(_folder.Of("broken"), kind, all, inputs, job => AsUnbroken(job) with { ResumeFrom = Newest([stopped]) });
        goesOn.MustSucceed();
        Assert.Multiple(() =>
        {
            Assert.That(goesOn.Result.Outputs[output].Digest, Is.EqualTo(unbroken.Result.Outputs[output].Digest));
            Assert.That(goesOn.Result.Tokens, Is.EqualTo(unbroken.Result.Tokens));
            Assert.That(goesOn.Metrics, Has.Count.LessThan(unbroken.Metrics.Count), "what was sampled is not sampled again");
        });
    }

    [TestCase("evaluation", "evaluation", "}")]
    [TestCase("rejection_sampling", "dataset", """, "format": null, "max_repetition": 1 }""")]
    public void SamplingStage_KilledInItsMiddle_SamplesOnlyWhatIsNotInACheckpoint(string kind, string output, string rest)
    {
        var options = """{ "samples": 2, "sampling": { "max_tokens": 40, "batch_size": 4 }""" + rest; // 60 prompts, two a chunk
        (string, string)[] inputs = [("model", Miniature.Base), ("prompts", Miniature.Data("prompts"))];
        var unbroken = Harness.Attempt.Of(_folder.Of("unbroken"), kind, options, inputs).MustSucceed();

        var attempts = new List<Attempt>();
        foreach (var lines in (int[])[3, 7])
        {
            attempts.Add(Harness.Attempt.Of(_folder.Of("broken"), kind, options, inputs, Often));
            using var process = attempts[^1].Start();
            Assert.That(Reaches(process, attempts[^1], lines), "the test must not pass by killing nobody");
            process.Kill();
            process.WaitForExit();
            Assert.That(File.Exists(attempts[^1].Folder.Result), Is.False);
        }
        attempts.Add(Harness.Attempt.Of(_folder.Of("broken"), kind, options, inputs, Often).MustSucceed());

        Assert.Multiple(() =>
        {
            Assert.That(attempts[^1].Result.Outputs[output].Digest, Is.EqualTo(unbroken.Result.Outputs[output].Digest));
            Assert.That(attempts[^1].Result.Metrics, Is.EqualTo(unbroken.Result.Metrics));
            // A chunk that was told and not yet saved is sampled again, and no other.
            foreach (var (before, after) in attempts.Zip(attempts.Skip(1)))
                Assert.That((int)after.Metrics[0]["step"]!, Is.GreaterThanOrEqualTo((int)before.Metrics[^1]["step"]!));
        });

        JobFile Often(JobFile job) => AsUnbroken(job) with { Checkpoints = new CheckpointPolicy(EverySteps: 1), ResumeFrom = Newest(attempts) };
    }

    /// <summary>The same stage in another folder: its name stands in the report, its fingerprint in checkpoints.</summary>
    private static JobFile AsUnbroken(JobFile job) => job with { Stage = "unbroken", Fingerprint = "unbroken" };

    [Test]
    public void Stage_ResumedWithOtherThreads_WarnsAndGoesOn()
    {
        var first = Attempt("sft", Sft, "broken").MustSucceed();
        var second = Attempt("sft", Sft, "broken", [first], job => job with { Cpus = 2 }).MustSucceed();
        Assert.That(second.Result.Warnings.Single(), Does.StartWith("THREADS_CHANGED: "));
    }

    private Attempt Attempt(string kind, string options, string name, IReadOnlyList<Attempt>? before = null, Func<JobFile, JobFile>? change = null)
    {
        (string, string) data = kind == "sft" ? ("dataset", Miniature.Data("cold_start")) : ("prompts", Miniature.Data("prompts"));
        return Harness.Attempt.Of(_folder.Of(name), kind, options,
            [("model", Miniature.Base), data, ("evaluate.prompts", Miniature.Data("evaluation"))],
            job => (change ?? (same => same))(job with
            {
                Fingerprint = kind, Checkpoints = new CheckpointPolicy(EverySteps: 3), ResumeFrom = Newest(before ?? []),
            }));
    }

    /// <summary>As the engine chooses: the newest that verifies, of all attempts.</summary>
    private static string? Newest(IReadOnlyList<Attempt> before) => before.Count == 0 ? null
        : CheckpointFolder.FindNewest(before.Select(attempt => attempt.Folder.Checkpoints), before[^1].Job.Fingerprint)?.Folder;

    /// <summary>Waits until the stage has told so many steps.</summary>
    /// <returns>False if it ended before.</returns>
    private static bool Reaches(Process process, Attempt attempt, int lines)
    {
        while (!process.HasExited)
        {
            if (attempt.Metrics.Count >= lines) return true;
            Thread.Sleep(1);
        }
        return false;
    }

    private static void AssertEqual(Attempt unbroken, IReadOnlyList<Attempt> attempts, int steps)
    {
        var last = attempts[^1];
        var checkpoint = $"step-{steps:D6}";
        Assert.Multiple(() =>
        {
            Assert.That(ArtifactDigest.Of(last.Output()), Is.EqualTo(ArtifactDigest.Of(unbroken.Output())), "weights");
            foreach (var file in Directory.GetFiles(Path.Combine(unbroken.Folder.Checkpoints, checkpoint), "*.safetensors"))
                Assert.That(ArtifactDigest.Of(Path.Combine(last.Folder.Checkpoints, checkpoint, Path.GetFileName(file))),
                    Is.EqualTo(ArtifactDigest.Of(file)), Path.GetFileName(file));
            Assert.That(Course.Of(attempts), Is.EqualTo(Course.Of(unbroken)), "metrics");
            Assert.That(last.Result.Metrics, Is.EqualTo(unbroken.Result.Metrics));
            Assert.That(last.Result.Tokens, Is.EqualTo(unbroken.Result.Tokens));
        });
    }
}
