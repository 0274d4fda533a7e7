using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Stages;
using Pipeline.Spec;
using Pipeline.Spec.Resolved;
using Pipeline.Store;

namespace Pipeline.Server.Tests.Samples;

/// <summary>
/// A state folder as it looks after some work: a run that failed, one that succeeded, and one at work that took its data
/// and base model from that and lost a job on the way. Journal by the real store, files as stages write them.
/// </summary>
internal sealed class SampleState : IDisposable
{
    public const string Failed = "20251123-080212-hxtm";
    public const string Finished = "20251123-091505-kqfz";
    public const string Live = "20251123-140311-wdnp";

    public SampleState(DateTimeOffset now)
    {
        Folder = StateFolder.Open(Path.Combine(Path.GetTempPath(), $"pipeline-dashboard-{Guid.NewGuid():N}"));
        Store = SqliteRunStore.Open(Folder.Journal);
        WriteFailed(now.AddHours(-7));
        var finished = WriteFinished(now.AddHours(-5));
        WriteLive(now.AddSeconds(-168), finished);
    }

    public StateFolder Folder { get; }

    public SqliteRunStore Store { get; }

    /// <summary>The pipeline of all runs.</summary>
    public static ResolvedPipeline Pipeline { get; } = Parse();

    /// <summary>The folder of an attempt; there from now on.</summary>
    public AttemptFolder Attempt(string run, string instance, int attempt)
    {
        var folder = Folder.Attempt(new AttemptKey(run, instance, attempt));
        Directory.CreateDirectory(folder.Path);
        return folder;
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(Folder.Path, recursive: true);
    }

    private void WriteFailed(DateTimeOffset start)
    {
        var journal = new SampleJournal(Store, Failed, start);
        journal.Submit(Pipeline);
        foreach (var stage in Pipeline.Stages.Take(2)) Complete(journal, stage);
        journal.Start("r1_zero");
        journal.Wait(30);
        var folder = Attempt(Failed, "r1_zero", 1);
        SampleFiles.Metrics(folder, Pipeline.Stages[2], journal.Now, 1, 24);
        SampleFiles.Log(folder, Pipeline.Stages[2], 1, 24);
        File.WriteAllText(folder.StandardError, "error OUT_OF_MEMORY: the process met its limit of 512 MB at step 24.\n");
        journal.Alarm("r1_zero", 1, 20, "LENGTH_EXPLOSION", "The mean completion grew from 31 to 70 tokens in 10 steps.");
        journal.Fail("r1_zero", 1, FailureClass.OutOfMemory, "It met its memory limit of 512 MB. Give it more under resources.memory, or lower group_size.", 24, retry: false);
        journal.End("r1_zero");
    }

    private RunState WriteFinished(DateTimeOffset start)
    {
        var journal = new SampleJournal(Store, Finished, start);
        journal.Submit(Pipeline);
        foreach (var stage in Pipeline.Stages) Complete(journal, stage);
        journal.End();
        return RunState.Fold(Store.Read(Finished).GetAwaiter().GetResult());
    }

    // The state is as seen 168 s after submission: data and base cached, R1-Zero killed at step 57 and going on from 50.
    private void WriteLive(DateTimeOffset start, RunState source)
    {
        var journal = new SampleJournal(Store, Live, start);
        journal.Submit(Pipeline);
        journal.Cache("data", Finished, 1, source.Stage("data"));
        journal.Cache("base", Finished, 1, source.Stage("base"));
        var stage = Pipeline.Stages[2];
        journal.Start("r1_zero");
        Complete(journal, Pipeline.Stages.Single(other => other.Instance == "evaluate_base"));
        journal.Wait(41);
        journal.Checkpoint("r1_zero", 1, 50);
        journal.Wait(8);
        var first = Attempt(Live, "r1_zero", 1);
        SampleFiles.Metrics(first, stage, journal.Now, 1, 57);
        SampleFiles.Log(first, stage, 1, 57);
        journal.Fail("r1_zero", 1, FailureClass.NodeFailure, "Killed by signal 9, which was not ours.", 57, retry: true);
        journal.Wait(5);
        journal.Start("r1_zero", attempt: 2, resumeStep: 50);
        journal.Wait(30);
        journal.Alarm("r1_zero", 2, 74, AlarmCodes.NoSpread, "Over 60 % of the groups had no spread of reward for 5 steps: they teach nothing.");
        var second = Attempt(Live, "r1_zero", 2);
        SampleFiles.Metrics(second, stage, journal.Now, 51, 83);
        SampleFiles.Log(second, stage, 51, 83);
        SampleFiles.Rollouts(Path.Combine(second.Rollouts, "step-000080.parquet"), 80);
        WholeFile.WriteJson(second.Heartbeat, new Heartbeat(83, 100, "training", 13));
    }

    private void Complete(SampleJournal journal, ResolvedStage stage)
    {
        journal.Start(stage.Instance);
        var (seconds, tokens) = SampleFiles.Work(stage);
        journal.Wait(seconds);
        var folder = Attempt(journal.Run, stage.Instance, 1);
        var steps = SampleFiles.Steps(stage);
        if (steps > 0) SampleFiles.Metrics(folder, stage, journal.Now, 1, steps);
        SampleFiles.Log(folder, stage, 1, Math.Max(steps, 3));
        if (stage.Uses == "grpo") SampleFiles.Rollouts(Path.Combine(folder.Rollouts, $"step-{steps:D6}.parquet"), steps);

        if (stage.Uses == "generate_data") SampleFiles.Prompts(Path.Combine(folder.Outputs, "prompts"));
        if (stage.Uses == "grpo") SampleFiles.Model(Path.Combine(folder.Outputs, "model"));

        var outputs = stage.Outputs.ToDictionary(output => output.Key, output => new StageOutput(
            Path.Combine(folder.Outputs, output.Key), output.Value, "sha256:" + new string('a', 64),
            Rows: output.Value == ArtifactKind.Dataset ? 5872 : null,
            Parameters: output.Value == ArtifactKind.Model ? 279_648 : null));
        var metrics = new Dictionary<string, double>();
        if (stage.Instance == "evaluate_base") SampleFiles.Rollouts(Path.Combine(folder.Outputs, "evaluation", EvaluationReport.CompletionsFile), step: 0);
        if (stage.Uses == "evaluation") metrics = SampleFiles.Evaluation(Path.Combine(folder.Outputs, "evaluation"), (string)stage.Options["name"]!);
        if (stage.Uses == "reward_model") metrics = new() { ["accuracy"] = 0.913, ["accuracy_low"] = 0.878, ["accuracy_high"] = 0.948, ["n"] = 256 };
        journal.Succeed(stage.Instance, 1, outputs, metrics, tokens, seconds);
    }

    private static ResolvedPipeline Parse()
    {
        using var reader = new StreamReader(typeof(SampleState).Assembly.GetManifestResourceStream("sample.yaml")!);
        var loaded = PipelineFile.Parse(reader.ReadToEnd(), Path.GetFullPath("sample.yaml"), checkPaths: false);
        return loaded.Pipeline ?? throw new InvalidOperationException(string.Join('\n', loaded.Errors));
    }
}
