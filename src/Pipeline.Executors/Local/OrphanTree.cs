using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Local;

/// <summary>The tree of a stage whose shim was killed: found by its environment, watched without being its parent.</summary>
internal sealed class OrphanTree(AttemptFolder folder, ProcessIdentity? stage) : JobTree
{
    /// <summary>
    /// The stage's process where its shim was killed between starting it and writing that down: the oldest of the tree;
    /// null if none is left.
    /// </summary>
    public static ProcessIdentity? StageOf(AttemptFolder folder) =>
        ProcessTree.OfJob(folder).Select(ProcessIdentity.Of).OfType<ProcessIdentity>().MinBy(process => process.Start);

    public override int StagePid => stage?.Pid ?? 0;

    public override bool StageEnded => stage is not { IsAlive: true };

    public override bool Gone => StageEnded && Members().Count == 0;

    public override IReadOnlyList<int> Members() => ProcessTree.OfJob(folder);

    public override ExitRecord Exit(ExitAsked askedBy) => Afterwards(folder, askedBy);

    /// <summary>
    /// How a job ended whose end nobody saw: done if it left its result, which it writes last; otherwise neither code nor
    /// signal is known.
    /// </summary>
    public static ExitRecord Afterwards(AttemptFolder folder, ExitAsked askedBy) => new(
        Code: IsDone(folder) ? StageExit.Done : null, Signal: null, askedBy, PeakMemoryBytes: 0, CpuSeconds: 0, DateTimeOffset.UtcNow,
        askedBy == ExitAsked.Nobody ? "The job's shim was killed, so nobody saw how the stage ended." : null);

    /// <summary>Whether the attempt has left a result of its own.</summary>
    public static bool IsDone(AttemptFolder folder)
    {
        try { return Read<ResultFile>(folder.Result)?.Token == Read<JobFile>(folder.Job)?.Token; }
        catch (Exception error) when (error is IOException or JsonException) { return false; }

        static T? Read<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), ProtocolJson.Line);
    }
}
