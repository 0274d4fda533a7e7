using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Evaluation.Verb;
using Pipeline.Stages.Generate;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.ModelFolders;
using Serilog;

Log.Logger = new LoggerConfiguration()
    .WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:l}{NewLine}{Exception}")
    .CreateLogger();
try
{
    return args switch
    {
        [] when Environment.GetEnvironmentVariable(JobFile.EnvironmentVariable) is { Length: > 0 } job => RunJob(job),
        ["self-check"] => SelfCheck.Run(),
        ["model", ..] => ModelCommand.Run(args),
        ["generate", .. var rest] => GenerateCommand.Run(rest),
        ["evaluate", ..] => EvaluateCommand.Run(args),
        ["--help" or "-h" or "help"] => Help(Console.Out, StageExit.Done),
        _ => Help(Console.Error, StageExit.Config),
    };
}
finally
{
    await Log.CloseAndFlushAsync();
}

static int RunJob(string path)
{
    using var stop = StopRequest.FromSignals();
    return StageHost.Run(path, stop, TimeProvider.System);
}

static int Help(TextWriter to, int exitCode)
{
    to.WriteLine($"""
        pipeline-stage performs one stage of a pipeline and ends. `pipeline run` starts it; by hand:

          {JobFile.EnvironmentVariable}=<path of job.json> pipeline-stage
          pipeline-stage self-check        load libtorch and print versions
          pipeline-stage model --help      look at model folders, convert, merge, score
          pipeline-stage generate          sample completions of a model; --help shows how
          pipeline-stage evaluate --help   evaluate a model on a file of problems; compare two evaluations

        Stage kinds: {string.Join(", ", StageCatalog.Names)}.
        Exit codes: {StageExit.Done} done, {StageExit.Interrupted} interrupted after a checkpoint, {StageExit.Config} wrong configuration or input, {StageExit.Internal} error.
        """);
    return exitCode;
}
