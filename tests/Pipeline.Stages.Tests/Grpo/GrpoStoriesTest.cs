using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Endpoints.Tests;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.Grpo;

/// <summary>The grpo stage with the settings that its first story leaves at their defaults.</summary>
public sealed class GrpoStoriesTest
{
    private const string Words = """{ "en": ["plus", "is"], "es": ["mas", "son"] }""";

    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Grpo_SeveralPassesWithACorrection_TellsEachUpdateAndTheWeights()
    {
        var attempt = Grpo("corrected", """
            { "steps": 2, "prompts_per_step": 4, "group_size": 4, "mini_batches": 2, "inner_epochs": 3, "learning_rate": 0.001,
              "sampling": { "max_tokens": 16 }, "importance_correction": { "cap": 2, "per": "sequence" }, "kl_in": "reward", "kl_coefficient": 0.1 }
            """);

        var updates = File.ReadAllLines(attempt.Folder.Updates).Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!.AsObject()).ToList();
        var rows = Dataset.Read<RolloutRow>(Path.Combine(attempt.Folder.Rollouts, "step-000001.parquet"));
        Assert.Multiple(() =>
        {
            Assert.That(updates.Select(line => ((int)line["step"]!, (int)line["update"]!)),
                Is.EqualTo(Enumerable.Range(1, 2).SelectMany(step => Enumerable.Range(1, 6).Select(update => (step, update)))));
            Assert.That((double)attempt.Metrics[0]["loss"]!, Is.EqualTo(updates.Take(6).Average(line => (double)line["loss"]!)).Within(1e-9));
            // Sampler and trainer compute the same policy: each weight is 1 but for rounding, in each pass.
            Assert.That((double)attempt.Metrics[0]["sampling/importance_sampling_ratio/min"]!, Is.EqualTo(1).Within(1e-3));
            Assert.That((double)attempt.Metrics[0]["sampling/importance_sampling_ratio/max"]!, Is.EqualTo(1).Within(1e-3));
            Assert.That(rows.Select(row => row.ImportanceWeight!.Value), Is.All.EqualTo(1).Within(1e-3));
            Assert.That((double)attempt.Metrics[0]["kl"]!, Is.Zero.Within(1e-6), "the reference is the policy");
            Assert.That((double)attempt.Metrics[1]["kl"]!, Is.GreaterThan(0), "the policy has moved");
            // The reward that counts is the rewards' sum less what the divergence costs.
            Assert.That(rows[0].Reward, Is.EqualTo(rows[0].Rewards.Values.Sum()).Within(1e-4));
            Assert.That(rows[0].RewardStd, Is.Not.Null);
        });
    }

    [Test]
    public void Grpo_KlInTheLossWithoutWeight_ChangesNothing()
    {
        const string options = """{ "steps": 2, "prompts_per_step": 4, "group_size": 4, "sampling": { "max_tokens": 16 }, "kl_coefficient": 0""";
        var loss = Grpo("loss", options + """, "kl_in": "loss" }""");
        var reward = Grpo("reward", options + """, "kl_in": "reward", "reference": { "ema": {} } }""");
        Assert.That(reward.Result.Outputs["model"].Digest, Is.EqualTo(loss.Result.Outputs["model"].Digest));
    }

    [Test]
    public void Grpo_DynamicSampling_ReplacesGroupsThatAgree()
    {
        const string options = """
            { "steps": 1, "prompts_per_step": 6, "group_size": 4, "learning_rate": 0, "sampling": { "max_tokens": 24 }, "rewards": [{ "format": {} }]
            """;
        var plain = Grpo("plain", options + "}").Metrics[0];
        var dynamic = Grpo("dynamic", options + """, "dynamic_sampling": { "max_rounds": 50 } }""").Metrics[0];
        Assert.Multiple(() =>
        {
            Assert.That((double)plain["frac_reward_zero_std"]!, Is.GreaterThan(0), "else there is nothing to replace");
            Assert.That((double)dynamic["frac_reward_zero_std"]!, Is.Zero);
            Assert.That((double)dynamic["dynamic_sampling/rounds"]!, Is.InRange(1, 49));
            Assert.That((double)dynamic["dynamic_sampling/dropped_groups"]!, Is.GreaterThanOrEqualTo(6 * (double)plain["frac_reward_zero_std"]!));
            Assert.That((double)dynamic["num_tokens"]!, Is.GreaterThan((double)plain["num_tokens"]!), "what was dropped was sampled too");
        });
    }

    [Test]
    public void Grpo_ARewardThatHangs_IsGivenUpCountedAndNamed()
    {
        var attempt = Grpo("hanging", """
            { "steps": 1, "prompts_per_step": 2, "group_size": 2, "kl_coefficient": 0, "sampling": { "max_tokens": 4 },
              "rewards": [{ "format": {} }, { "command": { "command": ["/bin/sleep", "1000"], "timeout_seconds": 1000, "limit_seconds": 1 } }] }
            """);
        Assert.Multiple(() =>
        {
            Assert.That((double)attempt.Metrics[0]["rewards/command/timeouts"]!, Is.EqualTo(4));
            Assert.That((double)attempt.Metrics[0]["completions/unjudged_ratio"]!, Is.EqualTo(1));
            Assert.That(attempt.Result.Warnings.Single(), Does.StartWith("REWARD_TIMEOUT: The reward 'command' was too late for 4 of 4 completions of step 1."));
        });
    }

    [Test]
    public async Task Grpo_AJudgeBehindAnEndpoint_ReadsTheRequestWithoutMarkupAndScores()
    {
        await using var server = new ChatServer((_, _) => Task.FromResult("""{"reasons": "Hm.", "score": 4}"""));
        var attempt = Grpo("judged", $$"""
            { "steps": 1, "prompts_per_step": 2, "group_size": 2, "kl_coefficient": 0, "sampling": { "max_tokens": 8 },
              "rewards": [{ "judge": { "endpoint": { "url": "{{server.Url}}", "model": "judge" }, "scores": "response" } }] }
            """);
        var asked = Dataset.Read<PromptRow>(Miniature.Data("prompts")).Select(row => $"<request>\n{row.Prompt[^1].Content}\n</request>").ToList();
        Assert.That((double)attempt.Metrics[0]["rewards/judge/mean"]!, Is.EqualTo(3 / 9.0).Within(1e-9), "4 is the third step of nine");
        Assert.That(server.Requests.Select(request => (string)request["messages"]![0]!["content"]!), Has.All.Matches<string>(question => asked.Exists(question!.Contains)));
    }

    [Test]
    public void Grpo_TermsStandardised_AreReportedAsTheyAre()
    {
        var attempt = Grpo("standardised", """
            { "steps": 2, "prompts_per_step": 4, "group_size": 4, "kl_coefficient": 0, "sampling": { "max_tokens": 16 }, "reward_scale": "group",
              "algorithm": { "grpo": { "advantage_scale": "batch" } }, "rewards": [{ "accuracy": {} }, { "repetition": { "weight": 0.5 } }] }
            """);
        var rows = Dataset.Read<RolloutRow>(Path.Combine(attempt.Folder.Rollouts, "step-000001.parquet"));
        Assert.That(rows.Select(row => row.Reward), Is.EqualTo(rows.Select(row => row.Rewards["accuracy"] + 0.5 * row.Rewards["repetition"])).Within(1e-6));
        foreach (var group in rows.GroupBy(row => row.Group)) Assert.That(group.Sum(row => row.Advantage), Is.Zero.Within(1e-4));
    }

    [Test]
    public void Grpo_EveryCompletionCutOffAndMasked_LearnsNothing()
    {
        var attempt = Grpo("masked", """
            { "steps": 2, "prompts_per_step": 2, "group_size": 4, "kl_coefficient": 0, "mask_truncated": true, "sampling": { "max_tokens": 2 },
              "rewards": [{ "repetition": {} }, { "format": {} }] }
            """);
        Assert.Multiple(() =>
        {
            Assert.That((double)attempt.Metrics[^1]["completions/clipped_ratio"]!, Is.EqualTo(1));
            Assert.That(attempt.Metrics[^1].ContainsKey("completions/mean_terminated_length"), Is.False, "none ended by itself");
            Assert.That((double)attempt.Metrics[^1]["grad_norm"]!, Is.Zero);
            Assert.That(Dataset.Read<RolloutRow>(Path.Combine(attempt.Folder.Rollouts, "step-000002.parquet")).Select(row => row.Advantage), Is.All.NaN);
        });
    }

    /// <summary>DeepSeek-R1, section 2.3.4: rules judge reasoning, one reward model each the rest, form and language count everywhere.</summary>
    [Test]
    public void Grpo_PreferenceRewards_JudgeTheirOwnPromptsInTheLastStepsOnly()
    {
        (string, string)[] models = [("rewards.3.reward_model.model", RewardModel("helpfulness", "pairwise")), ("rewards.4.reward_model.model", RewardModel("safety", "pointwise"))];
        var attempt = Attempt.Of(_folder.Of("preference"), "grpo", $$"""
            { "steps": 3, "prompts_per_step": 12, "group_size": 2, "sampling": { "temperature": 0.7, "max_tokens": 16 },
              "rewards": [
                { "accuracy": { "abilities": ["math"] } }, { "format": {} }, { "language_consistency": { "words": {{Words}} } },
                { "reward_model": { "model": "rewards.3.reward_model.model", "scores": "summary", "abilities": ["general"], "last_steps": 2 } },
                { "reward_model": { "model": "rewards.4.reward_model.model", "scores": "response", "abilities": ["safety"], "last_steps": 2 } }] }
            """,
            [("model", Miniature.Base), ("prompts.0", Miniature.Data("prompts")), ("prompts.1", Miniature.Data("general_prompts")), .. models]).MustSucceed();

        var abilities = Dataset.Read<PromptRow>(Miniature.Data("prompts")).Concat(Dataset.Read<PromptRow>(Miniature.Data("general_prompts")))
            .ToLookup(row => row.ProblemId, row => row.Ability);
        var (first, last) = (Rows(1), Rows(3));
        Assert.Multiple(() =>
        {
            Assert.That(last.Select(row => abilities[row.PromptId].First()).Distinct(), Is.EquivalentTo(new[] { "math", "general", "safety" }));
            foreach (var row in first.Concat(last))
            {
                var ability = abilities[row.PromptId].First();
                Assert.That(row.Rewards["format"], Is.Not.NaN);
                Assert.That(row.Rewards["language_consistency"], Is.Not.NaN);
                Assert.That(double.IsNaN(row.Rewards["accuracy"]), Is.EqualTo(ability != "math"));
                Assert.That(double.IsNaN(row.Rewards["reward_model"]), Is.EqualTo(ability != "general" || row.Step < 2));
                Assert.That(double.IsNaN(row.Rewards["reward_model_2"]), Is.EqualTo(ability != "safety" || row.Step < 2));
                Assert.That(row.Reward, Is.EqualTo(row.Rewards.Values.Where(score => !double.IsNaN(score)).Sum()).Within(1e-9));
            }
            Assert.That((double)attempt.Metrics[0]["sampling/sampling_logp_difference/max"]!, Is.LessThan(1e-3), "at the sampler's temperature");
        });

        IReadOnlyList<RolloutRow> Rows(int step) => Dataset.Read<RolloutRow>(Path.Combine(attempt.Folder.Rollouts, $"step-{step:D6}.parquet"));
    }

    [Test]
    public void Grpo_StopWhenHolds_EndsWithTheModelOfThatStep()
    {
        const string options = """
            "prompts_per_step": 4, "group_size": 4, "schedule": "constant", "learning_rate": 0.001, "sampling": { "max_tokens": 16 },
            "evaluate": { "prompts": "evaluate.prompts", "every": 100, "samples": 2, "limit": 4, "sampling": { "max_tokens": 16 } } }
            """;
        var three = Grpo("three", """{ "steps": 3, """ + options);
        StopCondition[] never = [new() { Alarm = "REWARD_HACKING" }, new() { Metric = "lss", Op = Comparison.Less, Value = 0 }];
        StopCondition[] thirdStep = [new() { Metric = "reward", Op = Comparison.Greater, Value = -100, ForSteps = 3 }, .. never];
        var stopped = Grpo("stopped", """{ "steps": 9, """ + options, job => job with { StopWhen = thirdStep, Checkpoints = new(EverySteps: 1, KeepLast: 9) });
        Assert.Multiple(() =>
        {
            Assert.That(stopped.Result.Outputs["model"].Digest, Is.EqualTo(three.Result.Outputs["model"].Digest));
            Assert.That(stopped.Result.Metrics, Is.EqualTo(three.Result.Metrics), "the last step is evaluated, whichever it is");
            Assert.That(stopped.Events.Single(one => one.Kind == StageEventKind.Stopped),
                Has.Property("Code").EqualTo("STOP_WHEN").And.Property("Message").EqualTo("reward > -100 for 3 steps: ended after step 3 of 9, with the model as it is then."));
            Assert.That(stopped.Result.Warnings, Has.Some.StartsWith("STOP_WHEN: reward > -100").And.Some.StartsWith("STOP_METRIC_UNKNOWN: stop_when waits for 'lss'"));
        });

        // Killed in the middle of a streak, and right after the last step: the streak and the stop are in the checkpoints.
        foreach (var step in (int[])[2, 3])
        {
            var resumed = Grpo($"resumed-{step}", """{ "steps": 9, """ + options, job => job with
            {
                StopWhen = thirdStep, Fingerprint = "stopped", ResumeFrom = Path.Combine(stopped.Folder.Checkpoints, $"step-{step:D6}"),
            });
            Assert.That(resumed.Metrics, Has.Count.EqualTo(3 - step));
            Assert.That(resumed.Result.Outputs["model"].Digest, Is.EqualTo(three.Result.Outputs["model"].Digest));
            Assert.That(resumed.Result.Metrics, Is.EqualTo(three.Result.Metrics));
        }
    }

    private Attempt Grpo(string name, string options, Func<JobFile, JobFile>? change = null) => Attempt.Of(_folder.Of(name), "grpo", options,
        [("model", Miniature.Base), ("prompts", Miniature.Data("prompts")), ("evaluate.prompts", Miniature.Data("evaluation"))], change ?? (job => job)).MustSucceed();

    private string RewardModel(string data, string objective) => Attempt.Of(_folder.Of(data), "reward_model",
        $$"""{ "objective": "{{objective}}", "batch_size": 64 }""", ("model", Miniature.Base), ("dataset", Miniature.Data(data))).MustSucceed().Output();
}
