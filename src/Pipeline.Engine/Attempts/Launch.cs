using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Serilog;

namespace Pipeline.Engine.Attempts;

/// <summary>Hands the job of an intended attempt to the executor. May be repeated: the executor knows jobs by name.</summary>
internal sealed class Launch(EngineSettings settings, IExecutor executor, IRunFiles files, ILogger log)
{
    /// <summary>Submits the job, or records that it cannot be. Where that is not known, it does neither: ask the executor.</summary>
    public async Task Submit(LiveRun run, AttemptKey key, CancellationToken cancellation)
    {
        if (run.State.MustStop(run.State.Stage(key.Instance)))
        {
            await AttemptRecord.Failure(run, key, FailureClass.Cancelled, "It was cancelled before it was launched.");
            return;
        }
        var order = JobOrder.Of(run.State, run.State.Stage(key.Instance), settings.State, settings.Cpus);
        try
        {
            if (RoomToStart.Missing(files, order) is { } missing)
            {
                await AttemptRecord.Failure(run, key, FailureClass.Failed, missing, EngineErrors.DiskFull);
                return;
            }
            CrashPoint.Before("prepare");
            files.Prepare(order.Request.Handle.Folder, order.File);
            CrashPoint.After("prepare");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await AttemptRecord.Failure(
                run, key, FailureClass.Failed, $"{order.Request.Handle.Folder.Path} cannot be written: {error.Message} " +
                "Free some space or mend its permissions, then resume the run.", EngineErrors.AttemptFolder);
            return;
        }
        try
        {
            CrashPoint.Before("submit");
            await executor.Submit(order.Request, cancellation);
            CrashPoint.After("submit");
        }
        catch (ExecutorException error)
        {
            await AttemptRecord.Failure(run, key, FailureClass.Failed, error.Message, error.Code);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.Warning(error, "{Attempt}: it is unknown whether the executor took the job", key);
        }
    }
}
