using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;
using Pipeline.Datasets;
using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Rewards;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;
using Pipeline.Training;
using Pipeline.Training.Safetensors;
using static TorchSharp.torch;

namespace Pipeline.Stages.Tests;

/// <summary>What is wrong is said in one line with a code, the exit code says whether to try again, and nothing is left half-written.</summary>
public sealed class BadInputTest
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [TestCase("sft", "dataset", "corpus", DatasetErrors.ColumnMissing)]
    [TestCase("grpo", "prompts", "cold_start", DatasetErrors.ColumnMissing)]
    [TestCase("reward_model", "dataset", "safety", DatasetErrors.ColumnMissing)]
    [TestCase("evaluation", "prompts", "nowhere", DatasetErrors.NotFound)]
    public void Dataset_WithoutWhatTheStageNeeds_IsRefused(string kind, string input, string data, string code) =>
        Refused(Attempt.Of(_folder.Of("stage"), kind, "{}", ("model", Miniature.Base), (input, Miniature.Data(data))), StageExit.Config, code);

    [Test]
    public async Task Dataset_WithoutRows_IsRefused()
    {
        var empty = _folder.Of("empty.parquet");
        await using (var file = File.Create(empty))
        await using (await ParquetWriter.CreateAsync(new ParquetSchema(new DataField<string>("text")), file)) { }
        Refused(Attempt.Of(_folder.Of("stage"), "pretrain", "{}", ("dataset", empty), ("tokenizer", Miniature.Data("tokenizer"))),
            StageExit.Config, DatasetErrors.Empty);
    }

    [Test]
    public void Dataset_OfRowsThatAreAllTooLong_IsRefused() =>
        Refused(Sft("""{ "max_length": 3 }"""), StageExit.Config, StageErrors.NothingToTrain);

    [TestCase("""{ "epoch": 1 }""", StageErrors.OptionUnknown)]
    [TestCase("""{ "epochs": 0 }""", StageErrors.OptionInvalid)]
    [TestCase("""{ "epochs": "two" }""", StageErrors.OptionInvalid)]
    [TestCase("""{ "evaluate": {} }""", StageErrors.OptionInvalid)]
    [TestCase("""{ "evaluate": { "prompts": "evaluate.prompts" } }""", StageErrors.InputMissing)]
    public void Options_WrongOrIncomplete_AreRefused(string options, string code) => Refused(Sft(options), StageExit.Config, code);

    [TestCase("""{ "rewards": [{ "brilliance": {} }] }""", StageErrors.OptionUnknown)]
    [TestCase("""{ "rewards": [{ "format": {} }, { "format": {} }] }""", RewardException.Terms)]
    [TestCase("""{ "rewards": [{ "format": { "pattern": "(" } }] }""", RewardException.Pattern)]
    [TestCase("""{ "rewards": [{ "reward_model": { "model": "rewards.0.reward_model.model" } }] }""", StageErrors.InputMissing)]
    public void Rewards_UnknownOrImpossible_AreRefused(string options, string code) =>
        Refused(Attempt.Of(_folder.Of("stage"), "grpo", options, ("model", Miniature.Base), ("prompts", Miniature.Data("prompts"))), StageExit.Config, code);

    [Test]
    public void Choice_OfTheBestWithoutARewardModel_IsRefused() =>
        Refused(Attempt.Of(_folder.Of("stage"), "rejection_sampling", """{ "choose": "best" }""", ("model", Miniature.Base), ("prompts", Miniature.Data("prompts"))),
            StageExit.Config, StageErrors.OptionInvalid);

    [Test]
    public void Input_NotNamed_IsRefused() =>
        Refused(Attempt.Of(_folder.Of("stage"), "sft", "{}", ("model", Miniature.Base)), StageExit.Config, StageErrors.InputMissing);

    [Test]
    public void Stage_OfUnknownKind_IsRefused() =>
        Refused(Attempt.Of(_folder.Of("stage"), "alchemy", "{}"), StageExit.Config, StageErrors.StageUnknown);

    [TestCase("not json")]
    [TestCase("""{ "protocol": 1 }""")]
    [TestCase("""{ "protocol": 2, "run": "r", "stage": "s", "instance": "s", "attempt": 1, "token": "t", "kind": "sft" }""")]
    public void JobFile_ThatIsNone_IsRefused(string text)
    {
        var attempt = Sft("{}");
        File.WriteAllText(attempt.Folder.Job, text);
        Refused(attempt, StageExit.Config, StageErrors.JobInvalid);
    }

    [Test]
    public void JobFile_NotThere_IsRefused()
    {
        var attempt = Sft("{}");
        File.Delete(attempt.Folder.Job);
        Refused(attempt, StageExit.Config, StageErrors.JobMissing);
    }

    [Test]
    public void Model_OfAnotherShapeThanItsConfig_IsRefused()
    {
        var model = CopyOfBase();
        var config = Path.Combine(model, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"intermediate_size\": 64", "\"intermediate_size\": 48", StringComparison.Ordinal));
        Refused(Sft("{}", model), StageExit.Config, TrainingErrors.WrongTensors);
    }

    [Test]
    public void Model_Torn_IsRefused()
    {
        var model = CopyOfBase();
        Truncate(Path.Combine(model, "model.safetensors"));
        Refused(Sft("{}", model), StageExit.Config, TrainingErrors.BadSafetensors);
    }

    [Test]
    public void Model_WithATokenizerOfMoreTokens_IsRefused()
    {
        var model = CopyOfBase();
        CharacterTokenizer.Create(model, string.Concat(Enumerable.Range(0x400, 300).Select(code => (char)code)),
            new CharacterTokens(["<|pad|>", "<|end|>"], [], Eos: "<|end|>", Pad: "<|pad|>"), "{{ messages[0].content }}{{ eos_token }}");
        Refused(Sft("{}", model), StageExit.Config, StageErrors.TokenizerMismatch);
    }

    [Test]
    public void Student_WithAnotherTokenizerThanIsGiven_IsRefused()
    {
        var model = CopyOfBase();
        var template = Path.Combine(model, "chat_template.jinja");
        File.WriteAllText(template, File.ReadAllText(template) + "\n");
        Refused(Attempt.Of(_folder.Of("stage"), "distillation", "{}",
                ("model", model), ("tokenizer", Miniature.Base), ("dataset", Miniature.Data("cold_start"))),
            StageExit.Config, StageErrors.TokenizerMismatch);
    }

    [Test]
    public void Teacher_OfAnotherVocabulary_IsRefused()
    {
        // The same number of ids, but two of them have changed places.
        var teacher = CopyOfBase();
        var tokenizer = Path.Combine(teacher, "tokenizer.json");
        var json = JsonNode.Parse(File.ReadAllText(tokenizer))!;
        var vocabulary = json["model"]!["vocab"]!.AsObject();
        (vocabulary["a"], vocabulary["b"]) = (vocabulary["b"]!.DeepClone(), vocabulary["a"]!.DeepClone());
        File.WriteAllText(tokenizer, json.ToJsonString());
        Refused(Attempt.Of(_folder.Of("stage"), "distillation", """{ "logits": {} }""",
                ("model", Miniature.Base), ("teacher", teacher), ("dataset", Miniature.Data("cold_start"))),
            StageExit.Config, StageErrors.TokenizerMismatch);
    }

    [TestCase("""{ "logits": {} }""", false)]
    [TestCase("{}", true)]
    public void Teacher_AndItsOptions_AreRefusedOneWithoutTheOther(string options, bool withTeacher) =>
        Refused(Attempt.Of(_folder.Of("stage"), "distillation", options,
                [("model", Miniature.Base), ("dataset", Miniature.Data("cold_start")), .. withTeacher ? [("teacher", Miniature.Base)] : Array.Empty<(string, string)>()]),
            StageExit.Config, StageErrors.OptionInvalid);

    [Test]
    public void Checkpoint_Torn_IsRefusedAndMayBeTriedAgain()
    {
        var first = Checkpointed();
        Truncate(Path.Combine(first, "weights.safetensors"));
        Refused(Resumed(first), StageExit.Internal, TrainingErrors.BadCheckpoint);
    }

    [Test]
    public void Checkpoint_OfAnotherStage_IsRefused() =>
        Refused(Resumed(Checkpointed(), job => job with { Fingerprint = "other" }), StageExit.Config, TrainingErrors.OtherCheckpoint);

    [Test]
    public void Checkpoint_OfAnotherShape_IsRefused()
    {
        var student = Attempt.Of(_folder.Of("student"), "distillation",
            """{ "max_steps": 1, "student": { "hidden": 16, "layers": 1, "heads": 2, "kv_heads": 1, "intermediate": 32 } }""",
            ("dataset", Miniature.Data("cold_start")), ("tokenizer", Miniature.Base)).MustSucceed();
        Refused(Resumed(Checkpointed(), model: student.Output()), StageExit.Config, TrainingErrors.WrongTensors);
    }

    [Test]
    public void Checkpoint_OfAnotherChatTemplate_IsRefused()
    {
        var model = CopyOfBase();
        var template = Path.Combine(model, "chat_template.jinja");
        File.WriteAllText(template, File.ReadAllText(template) + "\n");
        Refused(Resumed(Checkpointed(), model: model), StageExit.Config, StageErrors.TokenizerMismatch);
    }

    [Test]
    public void Loss_ThatIsNotANumberAgainAndAgain_StopsTheStageWithAnAlarm()
    {
        var attempt = Sft("""{ "max_skipped_steps": 2, "batch_size": 8, "epochs": 1 }""", BaseWith("model.norm.weight", weight => weight.fill_(float.NaN)));
        Refused(attempt, StageExit.Internal, StageErrors.LossNotFinite);
        Assert.That(attempt.Events.Select(one => (one.Step, one.Kind)), Is.EqualTo(new[]
        {
            (1L, StageEventKind.Warning), (2L, StageEventKind.Warning), (3L, StageEventKind.Alarm),
        }));
        Assert.That(attempt.Events[^1].Code, Is.EqualTo(StageErrors.LossNotFinite));
    }

    [Test]
    public void Steps_WithoutAFiniteGradient_AreLeftOutCountedAndTold()
    {
        // 48 rows by 16: three steps. A token that no row has, but every softmax, overflows each.
        var model = BaseWith("model.embed_tokens.weight", weight => weight[0].fill_(3e38f));
        var attempt = Sft("""{ "max_skipped_steps": 3, "batch_size": 16, "epochs": 1 }""", model).MustSucceed();
        Assert.Multiple(() =>
        {
            Assert.That(attempt.Result.Metrics["skipped_steps"], Is.EqualTo(3));
            Assert.That(attempt.Result.Warnings, Has.Count.EqualTo(3).And.All.StartsWith("STEP_SKIPPED: "));
            Assert.That(ArtifactDigest.Of(Path.Combine(attempt.Output(), "model.safetensors")),
                Is.EqualTo(ArtifactDigest.Of(Path.Combine(model, "model.safetensors"))), "the weights are as they were");
        });
    }

    [Test]
    public void Weights_ThatBecomeNotANumber_AreNeverSaved()
    {
        // With this decay the first moment stays 0, and its correction 1 - 1 divides it by 0: finite gradients, weights that are not.
        var attempt = Sft("""{ "beta1": 1, "batch_size": 16 }""", change: job => job with { Checkpoints = new CheckpointPolicy(EverySteps: 1) });
        Refused(attempt, StageExit.Internal, StageErrors.LossNotFinite);
        Assert.That(Directory.Exists(attempt.Folder.Checkpoints), Is.False);
    }

    [Test]
    public void Disk_Full_IsSaidAndMayBeTriedAgain()
    {
        if (!File.Exists("/dev/full")) Assert.Ignore("There is no /dev/full here.");
        var attempt = Sft("{}");
        File.CreateSymbolicLink(attempt.Folder.Metrics, "/dev/full"); // every write to it says that the disk is full
        Refused(attempt, StageExit.Internal, StageErrors.DiskFull);
    }

    [Test]
    public void Device_ThatIsNotThere_IsSaid()
    {
        if (cuda.is_available()) Assert.Ignore("There is a CUDA device here.");
        Refused(Sft("{}", change: job => job with { Device = "cuda:0" }), StageExit.Internal, StageErrors.DeviceMissing);
    }

    /// <summary>A copy of the base of which one tensor was changed.</summary>
    private string BaseWith(string tensor, Action<Tensor> change)
    {
        var model = CopyOfBase();
        var path = Path.Combine(model, "model.safetensors");
        using var scope = NewDisposeScope();
        var weights = SafetensorsFile.Read(path);
        change(weights[tensor]);
        SafetensorsFile.Write(path, weights);
        return model;
    }

    private static void Refused(Attempt attempt, int exitCode, string code)
    {
        var exit = attempt.Run();
        Assert.Multiple(() =>
        {
            Assert.That(attempt.Error, Does.StartWith($"error {code}: "));
            Assert.That(attempt.Error.TrimEnd().Split('\n'), Has.Length.EqualTo(1), "one line for a person");
            Assert.That(attempt.Error, Does.Not.Contain($"{code}: {code}"));
            Assert.That(exit, Is.EqualTo(exitCode));
            Assert.That(File.Exists(attempt.Folder.Result), Is.False);
            Assert.That(Directory.Exists(attempt.Folder.Outputs) ? Directory.GetFileSystemEntries(attempt.Folder.Outputs) : [], Is.Empty);
        });
    }

    private Attempt Sft(string options, string? model = null, Func<JobFile, JobFile>? change = null) =>
        Attempt.Of(_folder.Of("stage"), "sft", options,
            [("model", model ?? Miniature.Base), ("dataset", Miniature.Data("cold_start"))], change ?? (job => job));

    /// <summary>Runs two steps with a checkpoint after the first.</summary>
    private string Checkpointed()
    {
        var attempt = Attempt.Of(_folder.Of("before"), "sft", """{ "max_steps": 2, "batch_size": 16 }""",
            [("model", Miniature.Base), ("dataset", Miniature.Data("cold_start"))],
            job => job with { Fingerprint = "stage", Checkpoints = new CheckpointPolicy(EverySteps: 1) }).MustSucceed();
        return Path.Combine(attempt.Folder.Checkpoints, "step-000001");
    }

    private Attempt Resumed(string checkpoint, Func<JobFile, JobFile>? change = null, string? model = null) =>
        Sft("""{ "max_steps": 2, "batch_size": 16 }""", model, job => (change ?? (same => same))(job with { ResumeFrom = checkpoint }));

    private string CopyOfBase()
    {
        var copy = Directory.CreateDirectory(_folder.Of("model")).FullName;
        foreach (var file in Directory.GetFiles(Miniature.Base)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    private static void Truncate(string path)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(file.Length / 2);
    }
}
