using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Training.Checkpoints;
using Serilog;

namespace Pipeline.Stages.Hosting;

/// <summary>Performs one job from its file to its exit code.</summary>
public static class StageHost
{
    /// <summary>Runs the stage that the job names; says what went wrong in one line on the error stream.</summary>
    /// <param name="jobPath">Path of <c>job.json</c>; the stage writes only below the folder that holds it.</param>
    /// <param name="stop">Raised when somebody wants the stage to stop.</param>
    /// <param name="clock">Where time comes from.</param>
    /// <returns>One of <see cref="StageExit"/>.</returns>
    public static int Run(string jobPath, StopRequest stop, TimeProvider clock)
    {
        try
        {
            return Perform(Path.GetFullPath(jobPath), stop, clock) switch
            {
                StageOutcome.Done => StageExit.Done,
                StageOutcome.Interrupted => StageExit.Interrupted,
                var other => throw new InvalidOperationException($"A stage ended as {other}."),
            };
        }
        catch (Exception error)
        {
            var failure = Failure.Of(error);
            if (failure.IsFault) Log.Error(error, "The stage failed");
            Console.Error.WriteLine($"error {failure.Code}: {failure.Message}");
            return failure.ExitCode;
        }
    }

    private static StageOutcome Perform(string jobPath, StopRequest stop, TimeProvider clock)
    {
        if (CrashPoint.IsArmed) CheckpointPlaces.Reached = CrashPoint.Reach;
        var (job, kind) = JobReader.Read(jobPath);
        var folder = new AttemptFolder(Path.GetDirectoryName(jobPath)!);
        if (ResultOf(folder) is { } result && result.Token == job.Token)
        {
            // A scheduler may start a job again whose end it did not see.
            Log.Information("{Stage:l} is done already, see {Result:l}", job.Instance, folder.Result);
            return StageOutcome.Done;
        }

        using var context = new StageContext(job, kind, folder, stop, clock);
        Log.Information("{Stage:l}: {Kind:l}, attempt {Attempt}, seed {Seed}, {Cpus} threads", job.Instance, kind.Name, job.Attempt, job.Seed, job.Cpus);
        var outcome = StageCatalog.Find(kind.Name)(context);
        Log.Information("{Stage:l}: {Outcome} after {Seconds:F1} s of work", job.Instance, outcome, context.Work.Seconds);
        return outcome;
    }

    private static ResultFile? ResultOf(AttemptFolder folder)
    {
        if (!File.Exists(folder.Result)) return null;
        using var file = File.OpenRead(folder.Result);
        return System.Text.Json.JsonSerializer.Deserialize<ResultFile>(file, ProtocolJson.Line);
    }
}
