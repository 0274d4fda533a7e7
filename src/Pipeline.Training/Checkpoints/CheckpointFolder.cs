using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Training.Safetensors;
using Pipeline.Training.Storage;
using static TorchSharp.torch;

namespace Pipeline.Training.Checkpoints;

/// <summary>
/// Checkpoints as folders <c>step-000100</c> below an attempt's <c>checkpoints</c>. One is written under another name,
/// each file flushed to the disk, the manifest last, and then renamed: whatever moment the process or the machine
/// dies at, a folder with that name is complete, and readers verify it all the same.
/// </summary>
public static class CheckpointFolder
{
    private const string ManifestFile = "manifest.json";
    private const string StateFile = "state.json";
    private const string TensorEnding = ".safetensors";
    private const string UnfinishedMark = ".tmp-";
    private const long Slack = 1 << 20; // bytes for the headers, the state and the manifest

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes a checkpoint, whole or not at all.</summary>
    /// <param name="checkpoints">The attempt's folder for checkpoints; made if it is not there.</param>
    /// <param name="attempt">Name of the attempt, for the unfinished folder.</param>
    /// <param name="checkpoint">What to write.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="TrainingException">The disk is full or would be; earlier checkpoints are untouched.</exception>
    public static string Write(string checkpoints, string attempt, Checkpoint checkpoint)
    {
        Directory.CreateDirectory(checkpoints);
        var final = Path.Combine(checkpoints, $"step-{checkpoint.Step:D6}");
        var unfinished = final + UnfinishedMark + attempt;
        RequireSpace(checkpoints, checkpoint);
        if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true); // of a process that was killed here
        Directory.CreateDirectory(unfinished);
        try
        {
            var names = new List<string>();
            CheckpointPlaces.Before("checkpoint-file");
            foreach (var (name, tensors) in checkpoint.Tensors)
                WriteFile(name + TensorEnding, stream => SafetensorsFile.Write(stream, tensors));
            WriteFile(StateFile, stream => stream.Write(Encoding.UTF8.GetBytes(checkpoint.State.ToJsonString(Indented))));
            CheckpointPlaces.After("checkpoint-file");

            var files = names.Select(name => Describe(unfinished, name)).ToList();
            var manifest = new CheckpointManifest(CheckpointManifest.CurrentFormat, checkpoint.Step, checkpoint.Fingerprint, checkpoint.Threads, files);
            CheckpointPlaces.Before("checkpoint-manifest");
            WriteFile(ManifestFile, stream => JsonSerializer.Serialize(stream, manifest, Indented));
            DirectorySync.Flush(unfinished);
            CheckpointPlaces.After("checkpoint-manifest");
            if (Directory.Exists(final)) Remove(final); // the same step again, after a resume from before it
            CheckpointPlaces.Before("checkpoint-publish");
            Directory.Move(unfinished, final);
            DirectorySync.Flush(checkpoints);
            CheckpointPlaces.After("checkpoint-publish");
            return final;

            void WriteFile(string name, Action<Stream> write)
            {
                DurableFile.WriteInPlace(Path.Combine(unfinished, name), write);
                names.Add(name);
            }
        }
        catch
        {
            if (Directory.Exists(unfinished)) Directory.Delete(unfinished, recursive: true);
            throw;
        }
    }

    /// <summary>Holds every file against the manifest.</summary>
    /// <exception cref="TrainingException">The manifest is missing or damaged, or a file is missing, of another size or of another digest.</exception>
    public static CheckpointManifest Verify(string folder)
    {
        var manifest = ReadManifest(folder);
        foreach (var expected in manifest.Files)
        {
            if (Path.GetFileName(expected.Path) != expected.Path) throw Damaged(folder, $"the manifest names {expected.Path}, which is not in the folder.");
            if (!File.Exists(Path.Combine(folder, expected.Path))) throw Damaged(folder, $"{expected.Path} is missing.");
            var found = Describe(folder, expected.Path);
            if (found.Size != expected.Size) throw Damaged(folder, $"{expected.Path} has {found.Size} bytes, the manifest says {expected.Size}.");
            if (found.Sha256 != expected.Sha256) throw Damaged(folder, $"{expected.Path} has another SHA-256 than the manifest says.");
        }
        return manifest;
    }

    /// <summary>Verifies and reads a checkpoint; its tensors are in the caller's dispose scope.</summary>
    /// <exception cref="TrainingException">It does not verify.</exception>
    public static Checkpoint Read(string folder)
    {
        var manifest = Verify(folder);
        var tensors = manifest.Files.Where(f => f.Path.EndsWith(TensorEnding, StringComparison.Ordinal)).ToDictionary(
            f => f.Path[..^TensorEnding.Length],
            f => (IReadOnlyDictionary<string, Tensor>)SafetensorsFile.Read(Path.Combine(folder, f.Path)));
        var state = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, StateFile)))!.AsObject();
        return new(manifest.Step, manifest.Fingerprint, manifest.Threads, tensors, state);
    }

    /// <summary>The checkpoint of the highest step that verifies.</summary>
    /// <param name="checkpoints">Folders of checkpoints, one for each attempt; those that are not there are passed over.</param>
    /// <param name="fingerprint">Only checkpoints of this one count.</param>
    /// <returns>Null if there is none.</returns>
    public static FoundCheckpoint? FindNewest(IEnumerable<string> checkpoints, string fingerprint)
    {
        var skipped = new List<string>();
        foreach (var (folder, _) in checkpoints.SelectMany(Finished).OrderByDescending(c => c.Step))
        {
            try
            {
                var manifest = Verify(folder);
                if (manifest.Fingerprint == fingerprint) return new(folder, manifest, skipped);
                skipped.Add($"{folder}: belongs to another fingerprint, {manifest.Fingerprint}.");
            }
            catch (TrainingException e)
            {
                skipped.Add(e.Message);
            }
        }
        return null;
    }

    /// <summary>Deletes the checkpoints of an attempt but the newest and those chosen, and what killed processes left unfinished.</summary>
    /// <param name="checkpoints">The attempt's folder.</param>
    /// <param name="kept">Chooses among the steps that there are.</param>
    /// <exception cref="TrainingException">The newest does not verify; then nothing is deleted.</exception>
    public static void Retain(string checkpoints, Func<IReadOnlyList<long>, IReadOnlySet<long>> kept)
    {
        var finished = Finished(checkpoints).OrderByDescending(c => c.Step).ToList();
        if (finished.Count == 0) return;
        Verify(finished[0].Folder);
        var stay = kept([.. finished.Select(checkpoint => checkpoint.Step)]);
        foreach (var (folder, _) in finished.Skip(1).Where(checkpoint => !stay.Contains(checkpoint.Step))) Remove(folder);
        foreach (var folder in Directory.EnumerateDirectories(checkpoints, "step-*" + UnfinishedMark + "*").ToList()) Directory.Delete(folder, recursive: true);
    }

    private static IEnumerable<(string Folder, long Step)> Finished(string checkpoints)
    {
        if (!Directory.Exists(checkpoints)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(checkpoints, "step-*"))
            if (long.TryParse(Path.GetFileName(folder)["step-".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var step))
                yield return (folder, step);
    }

    /// <summary>Renames before it deletes, so that no half-deleted folder bears a checkpoint's name.</summary>
    private static void Remove(string folder)
    {
        var doomed = folder + UnfinishedMark + "deleted";
        if (Directory.Exists(doomed)) Directory.Delete(doomed, recursive: true);
        CheckpointPlaces.Before("checkpoint-retire");
        Directory.Move(folder, doomed);
        CheckpointPlaces.After("checkpoint-retire");
        CheckpointPlaces.Before("checkpoint-delete");
        Directory.Delete(doomed, recursive: true);
        CheckpointPlaces.After("checkpoint-delete");
    }

    private static CheckpointManifest ReadManifest(string folder)
    {
        var path = Path.Combine(folder, ManifestFile);
        if (!File.Exists(path)) throw Damaged(folder, $"{ManifestFile} is missing.");
        try
        {
            var manifest = JsonSerializer.Deserialize<CheckpointManifest>(File.ReadAllBytes(path));
            if (manifest is not { Files.Count: > 0, Fingerprint: not null }) throw Damaged(folder, $"{ManifestFile} is incomplete.");
            if (manifest.Format != CheckpointManifest.CurrentFormat)
                throw Damaged(folder, $"its format is {manifest.Format}; this version reads {CheckpointManifest.CurrentFormat}.");
            return manifest;
        }
        catch (JsonException e)
        {
            throw Damaged(folder, $"{ManifestFile} is no valid JSON: {e.Message}");
        }
    }

    private static CheckpointFile Describe(string folder, string name)
    {
        using var file = File.OpenRead(Path.Combine(folder, name));
        return new(name, file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    private static void RequireSpace(string folder, Checkpoint checkpoint)
    {
        var needed = Slack + checkpoint.Tensors.Values.SelectMany(t => t.Values).Sum(t => t.numel() * t.element_size());
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        if (free < needed)
            throw new TrainingException(TrainingErrors.DiskFull,
                $"{folder}: the checkpoint of step {checkpoint.Step} takes {needed >> 20} MB, but {free >> 20} MB are free. Free some space and start again; training goes on from the checkpoint before.");
    }

    private static TrainingException Damaged(string folder, string what) =>
        new(TrainingErrors.BadCheckpoint, $"Checkpoint {folder} is damaged: {what}");
}
