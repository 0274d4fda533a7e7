using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;
using Pipeline.Training.Checkpoints;

namespace Pipeline.Stages.Tests;

/// <summary>
/// Each training stage, stopped after every single step and started again as often: one chain of attempts goes through every k of
/// n, epoch boundaries and the last step included, and must end with the bits of a run that was not stopped.
/// </summary>
public sealed class StopAtEveryStepTest
{
    // 48 rows: three steps an epoch, so the third stop is at its boundary.
    private const string Sft = """ "epochs": 2, "batch_size": 16, "micro_batch_size": 8, "learning_rate": 0.01 """;
    private const string Grpo = """
        "steps": 4, "prompts_per_step": 4, "group_size": 4, "mini_batches": 2, "micro_batch_size": 4, "learning_rate": 0.01,
        "sampling": { "max_tokens": 16 }, "kl_coefficient": 0.01, "reference": { "replace": { "every": 3 } }
        """;
    private const string Preferences = """ "epochs": 1, "batch_size": 64, "learning_rate": 0.01 """; // about 270 pairs: 5 steps
    private const string Lora = """, "lora": { "rank": 4, "dropout": 0.1 } """;

    private static readonly IEnumerable<TestCaseData> s_stages =
    [
        Case("pretrain", $$"""{ "shape": {{Miniature.Shape}}, "steps": 4, "batch_size": 4, "sequence_length": 64 }""", steps: 4),
        Case("sft", $"{{ {Sft} }}", steps: 6),
        Case("sft", $$"""{ {{Sft}}, "packing": true, "precision": "bfloat16", "activation_checkpointing": true }""", steps: 6, cpus: 2),
        Case("sft", $"{{ {Sft} {Lora} }}", steps: 6),
        Case("sft", $$"""{ {{Sft}} {{Lora}}, "activation_checkpointing": true }""", steps: 6, cpus: 2),
        Case("grpo", $"{{ {Grpo} }}", steps: 4, cpus: 2),
        Case("grpo", $"{{ {Grpo} {Lora} }}", steps: 4),
        Case("dpo", $"{{ {Preferences} }}", steps: 5),
        Case("dpo", $"{{ {Preferences} {Lora} }}", steps: 5),
        Case("reward_model", $"{{ {Preferences} }}", steps: 5),
        Case("reward_model", $"{{ {Preferences} {Lora} }}", steps: 5),
        Case("distillation", $$"""{ {{Sft}} {{Lora}}, "max_steps": 4, "logits": {} }""", steps: 4),
    ];

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCaseSource(nameof(s_stages))]
    public void Stage_StoppedAfterEveryStep_EndsAsIfNothingHadHappened(string kind, string options, int steps, int cpus)
    {
        var unbroken = Attempt("unbroken", kind, options, cpus, resumeFrom: null).MustSucceed();
        Assert.That(unbroken.Metrics.Count(row => (int)row["step"]! > 0), Is.EqualTo(steps), "the arithmetic of the case");

        var attempts = new List<Attempt>();
        string? newest = null;
        while (attempts.Count < steps)
        {
            using var stop = new StopRequest();
            CheckpointPlaces.Reached = place =>
            {
                if (place == "checkpoint-publish-after") stop.Ask();
            };
            try
            {
                attempts.Add(Attempt("broken", kind, options, cpus, newest));
                Assert.That(attempts[^1].Run(stop), Is.EqualTo(attempts.Count < steps ? StageExit.Interrupted : StageExit.Done), attempts[^1].Error);
            }
            finally { CheckpointPlaces.Reached = null; }
            newest = Path.Combine(attempts[^1].Folder.Checkpoints, $"step-{attempts.Count:D6}");
        }

        var last = $"step-{steps:D6}";
        Assert.Multiple(() =>
        {
            Assert.That(Directory.GetFiles(Path.Combine(unbroken.Folder.Checkpoints, last), "*.safetensors"), Is.Not.Empty);
            foreach (var file in Directory.GetFiles(Path.Combine(unbroken.Folder.Checkpoints, last), "*.safetensors"))
                Assert.That(ArtifactDigest.Of(Path.Combine(newest!, Path.GetFileName(file))), Is.EqualTo(ArtifactDigest.Of(file)), Path.GetFileName(file));
            Assert.That(ArtifactDigest.Of(attempts[^1].Output()), Is.EqualTo(ArtifactDigest.Of(unbroken.Output())), "weights");
            Assert.That(Course.Of(attempts), Is.EqualTo(Course.Of(unbroken)), "metrics");
            Assert.That(attempts[^1].Result.Metrics, Is.EqualTo(unbroken.Result.Metrics));
            Assert.That(attempts[^1].Result.Tokens, Is.EqualTo(unbroken.Result.Tokens));
            if (kind == "grpo")
                Assert.That(ArtifactDigest.Of(attempts[^1].Folder.Rollouts), Is.EqualTo(ArtifactDigest.Of(OnlyLast(unbroken.Folder.Rollouts, steps))), "samples");
        });
    }

    private Attempt Attempt(string name, string kind, string options, int cpus, string? resumeFrom) => Harness.Attempt.Of(
        _folder.Of(name), kind, options, kind switch
        {
            "pretrain" => [("dataset", Miniature.Data("corpus")), ("tokenizer", Miniature.Data("tokenizer"))],
            "grpo" => [("model", Miniature.Base), ("prompts", Miniature.Data("prompts"))],
            "dpo" or "reward_model" => [("model", Miniature.Base), ("dataset", Miniature.Data("helpfulness"))],
            "distillation" => [("model", Miniature.Base), ("teacher", Miniature.Base), ("dataset", Miniature.Data("cold_start"))],
            _ => [("model", Miniature.Base), ("dataset", Miniature.Data("cold_start"))],
        },
        job => job with
        {
            Fingerprint = kind, Cpus = cpus, ResumeFrom = resumeFrom, Checkpoints = new CheckpointPolicy(EverySteps: 1, KeepLast: 1),
        });

    /// <summary>The last attempt of a chain made the last step's rollouts and no other.</summary>
    private static string OnlyLast(string rollouts, int steps)
    {
        foreach (var file in Directory.GetFiles(rollouts).Where(file => !file.Contains($"step-{steps:D6}", StringComparison.Ordinal)).ToList()) File.Delete(file);
        return rollouts;
    }

    private static TestCaseData Case(string kind, string options, int steps, int cpus = 1) => new(kind, options, steps, cpus);
}
