using Pipeline.Datasets;
using Pipeline.Endpoints;
using Pipeline.Hub;
using Pipeline.Protocol.Jobs;
using Pipeline.Rewards;
using Pipeline.Training;

namespace Pipeline.Stages.Hosting;

/// <summary>What an exception means to the one who started the stage: a code, a sentence, an exit code.</summary>
/// <param name="Code">Stable, for documentation and tests.</param>
/// <param name="Message">What was found, where, and what to try.</param>
/// <param name="ExitCode">One of <see cref="StageExit"/>; it decides whether the stage is started again.</param>
/// <param name="IsFault">Whether the stack trace is of use, because the program is at fault and not what it was given.</param>
public sealed record Failure(string Code, string Message, int ExitCode, bool IsFault = false)
{
    private const int NoSpaceLeft = 28; // ENOSPC; .NET puts errno there where it has no code of its own

    /// <summary>The meaning of <paramref name="error"/>.</summary>
    public static Failure Of(Exception error) => error switch
    {
        ConfigException config => new(config.Code, config.Message, StageExit.Config),
        StageException stage => new(stage.Code, stage.Message, StageExit.Internal),
        RewardException reward => new(reward.Code, reward.Message, reward.Code == RewardException.Endpoint ? StageExit.Internal : StageExit.Config),
        EndpointException endpoint => new(endpoint.Code, endpoint.Message, endpoint.Code == EndpointException.Refused ? StageExit.Config : StageExit.Internal),
        HubException hub => new(hub.Code, hub.Message, hub.MayPass ? StageExit.Internal : StageExit.Config),
        DatasetException dataset => new(dataset.Code, dataset.Message, StageExit.Config),
        TrainingException training => new(training.Code, training.Message, ExitCodeOf(training)),
        IOException full when (full.HResult & 0xFFFF) == NoSpaceLeft => new(StageErrors.DiskFull,
            $"{full.Message} Nothing was left half-written; make room and start the run again.", StageExit.Internal),
        IOException or UnauthorizedAccessException => new(StageErrors.Io, error.Message, StageExit.Internal),
        AggregateException { InnerExceptions: [var only] } => Of(only),
        _ => new(StageErrors.Internal, $"{error.GetType().Name}: {error.Message}", StageExit.Internal, IsFault: true),
    };

    /// <summary>What another start may well survive is not the configuration's fault: an older checkpoint, a disk with room.</summary>
    private static int ExitCodeOf(TrainingException error) => error.Code switch
    {
        TrainingErrors.BadCheckpoint or TrainingErrors.DiskFull => StageExit.Internal,
        _ => StageExit.Config,
    };
}
