using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Stages;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.Tests;

/// <summary>Every stage, from its job file to its result, on the shared miniature.</summary>
public sealed class StageStoriesTest
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Catalog_EveryKindOfTheProtocol_IsPerformed() =>
        Assert.That(StageCatalog.Names, Is.EquivalentTo(StageKinds.All.Select(kind => kind.Name)));

    [Test]
    public void Pretrain_TinyCorpus_LearnsAndWritesAModelWithItsTokenizer()
    {
        var attempt = Attempt.Of(_folder.Of("base"), "pretrain",
            $$"""{ "shape": {{Miniature.Shape}}, "steps": 20, "batch_size": 8, "sequence_length": 32, "learning_rate": 0.01 }""",
            ("dataset", Miniature.Data("corpus")), ("tokenizer", Miniature.Data("tokenizer"))).MustSucceed();

        Assert.Multiple(() =>
        {
            Assert.That(attempt.Metrics, Has.Count.EqualTo(20));
            Assert.That((double)attempt.Metrics[^1]["loss"]!, Is.LessThan((double)attempt.Metrics[0]["loss"]! - 0.5));
            Assert.That((double)attempt.Metrics[^1]["num_tokens"]!, Is.EqualTo(20 * 8 * 32));
            Assert.That(Directory.GetFiles(attempt.Output()).Select(Path.GetFileName), Is.EquivalentTo(new[]
            {
                "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "trained_with.txt",
            }));
            Assert.That(attempt.Result.Token, Is.EqualTo(attempt.Job.Token));
            Assert.That(attempt.Result.Tokens, Is.EqualTo(20 * 8 * 32));
            Assert.That(attempt.Result.Outputs["model"].Digest, Is.EqualTo(ArtifactDigest.Of(attempt.Output())));
            Assert.That(attempt.Result.Outputs["model"].Parameters, Is.EqualTo(ParametersOf(attempt.Output())));
        });
    }

    [Test]
    public void Sft_TheSameJobTwice_GivesTheSameModelAndMetrics()
    {
        var (first, second) = (Sft("first", "{}"), Sft("second", "{}"));
        Assert.Multiple(() =>
        {
            Assert.That(second.Result.Outputs["model"].Digest, Is.EqualTo(first.Result.Outputs["model"].Digest));
            Assert.That(second.Result.Metrics, Is.EqualTo(first.Result.Metrics));
            // 48 rows in batches of 16, two epochs.
            Assert.That(first.Metrics, Has.Count.EqualTo(6));
        });
    }

    [TestCase("""{ "micro_batch_size": 5 }""")]
    [TestCase("""{ "micro_batch_size": 2, "packing": true }""")]
    [TestCase("""{ "micro_batch_size": 16, "activation_checkpointing": true }""")]
    public void Sft_HoweverABatchIsComputed_TakesTheSameSteps(string options)
    {
        var whole = Sft("whole", """{ "micro_batch_size": 16 }""");
        var parts = Sft("parts", options);
        foreach (var name in (string[])["loss", "grad_norm", "entropy"])
            Assert.That(Course(parts, name), Is.EqualTo(Course(whole, name)).Within(2e-4), name);
    }

    [Test]
    public void Sft_InBfloat16_LearnsAsInFloat32()
    {
        // bfloat16 has 8 significant bits, so a product is right to 1 / 256; over six steps at this rate the loss falls by a tenth or more.
        var whole = Course(Sft("float32", "{}"), "loss");
        var half = Course(Sft("bfloat16", """{ "precision": "bfloat16" }"""), "loss");
        Assert.That(half, Is.EqualTo(whole).Within(0.01).And.Not.EqualTo(whole));
    }

    [Test]
    public void Sft_RowsThatAreTooLong_AreLeftOutAndCounted()
    {
        var examples = Dataset.Read<SftRow>(Miniature.Data("cold_start")).Count;
        var attempt = Sft("short", """{ "max_length": 25 }""");
        Assert.That(attempt.Result.Warnings.Single(), Does.StartWith("ROW_TOO_LONG: ").And.Contains($" of {examples} rows ("));
    }

    [Test]
    public void Grpo_RewardsOfEveryKind_AreInMetricsAndRollouts()
    {
        var helper = RewardModel("helpfulness", "pairwise");
        var attempt = Attempt.Of(_folder.Of("grpo"), "grpo", """
            { "steps": 3, "prompts_per_step": 4, "group_size": 4, "micro_batch_size": 8, "mini_batches": 2, "sampling": { "max_tokens": 24 },
              "reference": { "replace": { "every": 2 } }, "kl_coefficient": 0.01,
              "rewards": [
                { "accuracy": {} }, { "format": { "weight": 0.5 } }, { "repetition": {} },
                { "language_consistency": { "words": { "en": ["plus", "is"], "es": ["mas", "son"] } } },
                { "reward_model": { "model": "rewards.4.reward_model.model", "from_step": 2, "scores": "summary" } }],
              "evaluate": { "prompts": "evaluate.prompts", "every": 2, "samples": 2, "limit": 4, "sampling": { "max_tokens": 24 } } }
            """,
            ("model", Miniature.Base), ("prompts.0", Miniature.Data("prompts")), ("prompts.1", Miniature.Data("general_prompts")),
            ("rewards.4.reward_model.model", helper.Output()), ("evaluate.prompts", Miniature.Data("evaluation"))).MustSucceed();

        var rows = Dataset.Read<RolloutRow>(Path.Combine(attempt.Folder.Rollouts, "step-000003.parquet"));
        Assert.Multiple(() =>
        {
            // Evaluated before the first step, after the second, and after the last.
            Assert.That(attempt.Metrics.Select(row => ((int)row["step"]!, row.ContainsKey("eval/pass@1"))),
                Is.EqualTo(new[] { (0, true), (1, false), (2, true), (3, true) }));
            Assert.That(attempt.Metrics[^1].Select(metric => metric.Key), Is.SupersetOf(new[]
            {
                "reward", "reward_std", "frac_reward_zero_std", "kl", "entropy", "loss", "clip_ratio/low_mean", "clip_ratio/high_mean",
                "grad_norm", "learning_rate", "completions/mean_length", "completions/min_length", "completions/max_length",
                "completions/clipped_ratio", "num_tokens", "step_time", "tokens_per_second", "time/sampling", "time/training", "memory", "sampling/sampling_logp_difference/mean",
                "rewards/format/mean", "rewards/format/std", "rewards/repetition/mean", "rewards/reward_model/mean",
            }));
            Assert.That(attempt.Metrics[1].ContainsKey("rewards/reward_model/mean"), Is.False, "it counts from step 2 on");
            Assert.That((double)attempt.Metrics[1]["sampling/sampling_logp_difference/max"]!, Is.LessThan(1e-3), "sampler and trainer agree");
            Assert.That(rows, Has.Count.EqualTo(16));
            foreach (var group in rows.GroupBy(row => row.Group))
                Assert.That(group.Sum(row => row.Advantage), Is.Zero.Within(1e-4), "a group's advantages sum to zero");
            Assert.That(rows.Select(row => row.Rewards["reward_model"]), Has.All.InRange(0, 1));
            Assert.That(attempt.Result.Outputs["model"].Digest, Is.EqualTo(ArtifactDigest.Of(attempt.Output())));
        });
    }

    [TestCase("sft", """{ "epochs": 2, "batch_size": 16 """, "dataset", "cold_start")]
    [TestCase("grpo", """{ "steps": 3, "prompts_per_step": 4, "group_size": 4, "sampling": { "max_tokens": 16 } """, "prompts", "prompts")]
    public void Evaluate_WhileTraining_LeavesTheWeightsAsTheyWouldBe(string kind, string options, string input, string data)
    {
        const string evaluate = """, "evaluate": { "prompts": "evaluate.prompts", "every": 1, "samples": 2, "limit": 4, "sampling": { "max_tokens": 16 } } }""";
        (string, string)[] inputs = [("model", Miniature.Base), (input, Miniature.Data(data)), ("evaluate.prompts", Miniature.Data("evaluation"))];
        var without = Attempt.Of(_folder.Of("without"), kind, options + "}", inputs).MustSucceed();
        var with = Attempt.Of(_folder.Of("with"), kind, options + evaluate, inputs).MustSucceed();
        Assert.Multiple(() =>
        {
            Assert.That(with.Result.Metrics, Does.ContainKey("eval/pass@1"));
            Assert.That(with.Result.Outputs["model"].Digest, Is.EqualTo(without.Result.Outputs["model"].Digest));
        });
    }

    [Test]
    public void RejectionSampling_AWeakModel_KeepsOrDropsEachCompletionForOneReason()
    {
        var attempt = Attempt.Of(_folder.Of("curated"), "rejection_sampling",
            """{ "samples": 4, "limit": 30, "sampling": { "max_tokens": 40, "batch_size": 32 }, "max_repetition": 1 }""",
            ("model", Sft("learnt", """{ "epochs": 40, "batch_size": 16, "learning_rate": 0.005 }""").Output()),
            ("prompts", Miniature.Data("prompts"))).MustSucceed();

        var metrics = attempt.Result.Metrics;
        var rows = Dataset.Read<SftRow>(attempt.Output("dataset"));
        Assert.Multiple(() =>
        {
            Assert.That(metrics["sampled"], Is.EqualTo(4 * 30));
            Assert.That(metrics["kept"] + metrics.Where(metric => metric.Key.StartsWith("dropped/", StringComparison.Ordinal)).Sum(metric => metric.Value),
                Is.EqualTo(metrics["sampled"]));
            Assert.That(rows, Has.Count.EqualTo((int)metrics["kept"]));
            Assert.That(attempt.Result.Outputs["dataset"].Rows, Is.EqualTo(rows.Count));
            foreach (var row in rows)
            {
                Assert.That(row.Messages[^1].Role, Is.EqualTo("assistant"));
                Assert.That(row.Messages[^1].Content, Does.StartWith("<think>").And.EndWith("</answer>"), "the end token is the template's to write");
            }
            Assert.That(rows.Select(row => row.Messages[0].Content), Is.Unique, "one completion a prompt");
            var funnel = JsonSerializer.Deserialize<FunnelReport>(File.ReadAllText(Path.Combine(attempt.Output("funnel"), FunnelReport.FileName)), ProtocolJson.Line)!;
            Assert.That((funnel.Prompts, funnel.Sampled, funnel.Kept, funnel.PromptsKept), Is.EqualTo((30, 120, rows.Count, rows.Count)));
            Assert.That(funnel.Steps.ToDictionary(step => $"dropped/{step.Reason}", step => (double)step.Dropped), Is.SubsetOf(metrics));
            Assert.That(funnel.Steps[^1].Left, Is.EqualTo(rows.Count));
        });
    }

    [Test]
    public void RejectionSampling_WithGeneralRowsAndARewardModel_MixesByShareAndKeepsTheBest()
    {
        // Half of the dataset is general. "hello" and "thanks" are two words or fewer; none of the rows has a chain of thought to lose.
        var judge = RewardModel("helpfulness", "pairwise");
        var attempt = Attempt.Of(_folder.Of("curated"), "rejection_sampling",
            """{ "samples": 4, "limit": 20, "sampling": { "max_tokens": 40 }, "max_repetition": 1, "choose": "best", "general_share": 0.5, "trivial_words": 2 }""",
            ("model", Sft("learnt", """{ "epochs": 40, "batch_size": 16, "learning_rate": 0.005 }""").Output()),
            ("prompts", Miniature.Data("prompts")), ("general", Miniature.Data("general")), ("reward_model", judge.Output())).MustSucceed();

        var metrics = attempt.Result.Metrics;
        var rows = Dataset.Read<SftRow>(attempt.Output("dataset"));
        Assert.That(metrics["general"], Is.EqualTo(metrics["kept"]).And.GreaterThan(0));
        Assert.That(rows.Count(row => row.Source == "rejection_sampling"), Is.EqualTo((int)metrics["kept"]));
        Assert.That(rows, Has.Count.EqualTo(2 * (int)metrics["kept"]));
    }

    [TestCase("helpfulness", "pairwise")]
    [TestCase("safety", "pointwise")]
    public void RewardModel_GeneratedPreferences_AreToldApartOnHeldOutRows(string data, string objective)
    {
        var attempt = RewardModel(data, objective);
        using var loaded = ModelFolder.LoadSequenceClassifier(attempt.Output());
        Assert.Multiple(() =>
        {
            Assert.That(attempt.Result.Metrics["n"], Is.GreaterThan(5));
            Assert.That(attempt.Result.Metrics["accuracy"], Is.GreaterThan(0.7));
            Assert.That(attempt.Result.Metrics["accuracy"], Is.InRange(attempt.Result.Metrics["accuracy_low"], attempt.Result.Metrics["accuracy_high"]));
            Assert.That(File.Exists(Path.Combine(attempt.Output(), "chat_template.jinja")));
        });
    }

    [Test]
    public void Distillation_StudentFromNothing_IsSmallerThanItsTeacherAndHasItsTokenizer()
    {
        var attempt = Attempt.Of(_folder.Of("student"), "distillation",
            """{ "epochs": 1, "batch_size": 16, "student": { "hidden": 16, "layers": 1, "heads": 2, "kv_heads": 1, "intermediate": 32 } }""",
            ("dataset.0", Miniature.Data("cold_start")), ("dataset.1", Miniature.Data("general")), ("tokenizer", Miniature.Base)).MustSucceed();
        Assert.Multiple(() =>
        {
            Assert.That(ParametersOf(attempt.Output()), Is.LessThan(ParametersOf(Miniature.Base) / 2));
            Assert.That(File.ReadAllBytes(Path.Combine(attempt.Output(), "tokenizer.json")),
                Is.EqualTo(File.ReadAllBytes(Path.Combine(Miniature.Base, "tokenizer.json"))));
            Assert.That(attempt.Metrics, Has.Count.EqualTo(6), "48 + 40 rows in batches of 16, rounded up");
        });
    }

    [TestCase("forward_kl")]
    [TestCase("reverse_kl")]
    public void Distillation_ByTheTeachersDistribution_BringsTheStudentNearIt(string divergence)
    {
        var teacher = Sft("teacher", """{ "epochs": 10, "learning_rate": 0.005 }""").Output();
        var attempt = Attempt.Of(_folder.Of("student"), "distillation",
            $$"""
            { "epochs": 30, "batch_size": 16, "learning_rate": 0.01, "logits": { "divergence": "{{divergence}}", "temperature": 2, "top_k": 8 },
              "student": { "hidden": 16, "layers": 1, "heads": 2, "kv_heads": 1, "intermediate": 32 } }
            """,
            ("dataset", Miniature.Data("cold_start")), ("tokenizer", Miniature.Base), ("teacher", teacher)).MustSucceed();
        var itself = Attempt.Of(_folder.Of("itself"), "distillation", """{ "max_steps": 1, "batch_size": 16, "logits": {} }""",
            ("dataset", Miniature.Data("cold_start")), ("model", teacher), ("teacher", teacher)).MustSucceed();
        Assert.Multiple(() =>
        {
            Assert.That(Course(attempt, "loss")[^1], Is.LessThan(0.5 * Course(attempt, "loss")[0]).And.GreaterThan(0));
            Assert.That(Course(itself, "loss").Single(), Is.Zero.Within(1e-5), "a model is its own twin");
        });
    }

    [Test]
    public void Evaluation_ABaseModel_ReportsEveryRateWithPromptsAndCompletionsCounted()
    {
        var attempt = Attempt.Of(_folder.Of("evaluate_base"), "evaluation",
            """{ "samples": 3, "limit": 8, "sampling": { "max_tokens": 24, "batch_size": 9 }, "words": { "en": ["plus", "is"], "es": ["mas", "son"] } }""",
            ("model", Miniature.Base), ("prompts", Miniature.Data("evaluation"))).MustSucceed();

        var report = System.Text.Json.JsonSerializer.Deserialize<EvaluationReport>(
            File.ReadAllText(Path.Combine(attempt.Output("evaluation"), EvaluationReport.FileName)), ProtocolJson.Line)!;
        var completions = Dataset.Read<RolloutRow>(Path.Combine(attempt.Output("evaluation"), "completions.parquet"));
        Assert.Multiple(() =>
        {
            Assert.That((report.Name, report.N, report.K), Is.EqualTo(("evaluate_base", 8, 3)));
            Assert.That(completions, Has.Count.EqualTo(24));
            Assert.That(report.PassAt1.Value, Is.EqualTo(completions.Average(row => row.Rewards["accuracy"])).Within(1e-12));
            Assert.That(report.Format, Is.EqualTo(completions.Average(row => row.Rewards["format"])).Within(1e-12));
            Assert.That(report.MeanLength, Is.EqualTo(completions.Average(row => row.Length)).Within(1e-12));
            Assert.That(report.Truncation, Is.EqualTo(completions.Count(row => row.StopReason == "length") / 24.0).Within(1e-12));
            Assert.That(report.Mixing, Is.Not.Null);
            Assert.That(report.PerPrompt, Has.Count.EqualTo(8));
            Assert.That(Dataset.Read<Stages.Evaluation.ProblemResult>(Path.Combine(attempt.Output("evaluation"), "problems.parquet")).Select(row => row.PassAt1), Is.EqualTo(report.PerPrompt));
            Assert.That(attempt.Result.Warnings, Is.Empty);
            Assert.That(attempt.Result.Metrics["eval/pass@1"], Is.EqualTo(report.PassAt1.Value));
            Assert.That(attempt.Result.Tokens, Is.EqualTo(completions.Sum(row => row.Length)));
        });
    }

    [Test]
    public void Evaluation_Greedy_IsDoneAndWarnedAbout()
    {
        var attempt = Attempt.Of(_folder.Of("greedy"), "evaluation",
            """{ "samples": 1, "limit": 2, "sampling": { "temperature": 0, "max_tokens": 4 } }""",
            ("model", Miniature.Base), ("prompts", Miniature.Data("evaluation"))).MustSucceed();
        Assert.That(attempt.Result.Warnings.Single(), Does.StartWith("GREEDY: "));
    }

    [Test]
    public void Stage_StartedAgainAfterItsEnd_ChangesNothing()
    {
        var attempt = Sft("done", """{ "max_steps": 1 }""");
        var written = File.GetLastWriteTimeUtc(attempt.Folder.Result);
        Assert.That(attempt.Run(), Is.EqualTo(StageExit.Done));
        Assert.That(File.GetLastWriteTimeUtc(attempt.Folder.Result), Is.EqualTo(written));
    }

    private Attempt Sft(string name, string options, string data = "cold_start", string? model = null)
    {
        var all = JsonNode.Parse("""{ "epochs": 2, "batch_size": 16 }""")!.AsObject();
        foreach (var (option, value) in JsonNode.Parse(options)!.AsObject()) all[option] = value?.DeepClone();
        return Attempt.Of(_folder.Of(name), "sft", all.ToJsonString(), ("model", model ?? Miniature.Base), ("dataset", Miniature.Data(data))).MustSucceed();
    }

    private Attempt RewardModel(string data, string objective) =>
        Attempt.Of(_folder.Of(data), "reward_model",
            $$"""{ "objective": "{{objective}}", "epochs": 6, "batch_size": 16, "learning_rate": 0.005, "held_out": 0.2 }""",
            ("model", Miniature.Base), ("dataset", Miniature.Data(data))).MustSucceed();

    private static double[] Course(Attempt attempt, string metric) => [.. attempt.Metrics.Select(row => row[metric]!.GetValue<double>())];

    private static long ParametersOf(string folder)
    {
        using var scope = NewDisposeScope();
        using var model = ModelFolder.LoadLanguageModel(folder);
        return model.parameters().Sum(parameter => parameter.numel());
    }
}
