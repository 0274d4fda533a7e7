using System.Text.Json.Nodes;
using Pipeline.Protocol.Jobs;
using Pipeline.Training;
using Pipeline.Training.Checkpoints;
using static TorchSharp.torch;

namespace Pipeline.Stages.Hosting;

/// <summary>Checkpoints of a stage: where they lie, whose they are, how many stay.</summary>
public static class StageCheckpoint
{
    /// <summary>Writes a checkpoint, says so in <c>events.jsonl</c>, and deletes those that the job does not keep.</summary>
    public static void Write(StageContext stage, long step, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Tensor>> tensors, JsonObject state)
    {
        var checkpoint = new Checkpoint(step, stage.Job.Fingerprint, stage.Job.Cpus, tensors, state);
        var folder = CheckpointFolder.Write(stage.Folder.Checkpoints, $"attempt-{stage.Job.Attempt}", checkpoint);
        var policy = stage.Job.Checkpoints;
        CheckpointFolder.Retain(stage.Folder.Checkpoints, steps => policy.Kept(
            steps, policy.KeepBest is { } best ? MetricsFile.Values(stage.Folder.Metrics, best.Metric) : new Dictionary<long, double>()));
        stage.Events.Checkpoint(step, folder);
    }

    /// <summary>Reads the checkpoint that the job names; its tensors are in the caller's dispose scope.</summary>
    /// <exception cref="TrainingException">It does not verify, or another stage wrote it.</exception>
    public static Checkpoint Read(StageContext stage, string folder)
    {
        var checkpoint = CheckpointFolder.Read(folder);
        if (checkpoint.Fingerprint != stage.Job.Fingerprint)
            throw new TrainingException(TrainingErrors.OtherCheckpoint,
                $"{folder} was written by a stage of fingerprint {checkpoint.Fingerprint}, this job has {stage.Job.Fingerprint}: settings or inputs differ. "
                + "Start without it.");
        if (checkpoint.Threads != stage.Job.Cpus)
            stage.Events.Warn(checkpoint.Step, "THREADS_CHANGED",
                $"The checkpoint was made with {checkpoint.Threads} threads, this attempt has {stage.Job.Cpus}: sums round otherwise, so the "
                + "weights will not be those of an unbroken run to the last bit.");
        return checkpoint;
    }

    /// <summary>Token ids of a checkpoint mean nothing to another tokenizer, and a model nothing to another template.</summary>
    /// <exception cref="ConfigException">They differ.</exception>
    public static void RequireTokenizer(string folder, string saved, string present)
    {
        if (saved != present)
            throw new ConfigException(StageErrors.TokenizerMismatch,
                $"{folder} was made with another tokenizer or chat template ({saved}) than the model at hand has ({present}). Start without it.");
    }
}
