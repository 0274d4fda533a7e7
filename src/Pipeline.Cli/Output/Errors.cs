using Pipeline.Datasets;
using Pipeline.Engine;
using Pipeline.Engine.Ports;
using Pipeline.Server;
using Serilog;

namespace Pipeline.Cli.Output;

/// <summary>How an error is told: one sentence with its code, never a stack trace; that goes to the log.</summary>
internal static class Errors
{
    /// <summary>Tells it and returns the process's exit code.</summary>
    public static int Report(Exception error, Terminal terminal)
    {
        var (code, exitCode) = error switch
        {
            CliException ours => (ours.Code, ours.ExitCode),
            EngineException engine => (engine.Code, ExitCodeOf(engine.Code)),
            StoreUnavailableException => (EngineErrors.JournalUnreachable, ExitCode.StateFolder),
            DatasetException dataset => (dataset.Code, dataset.Code == DatasetErrors.NotFound ? ExitCode.NotFound : ExitCode.Usage),
            ServerException server => (server.Code, ExitCode.Usage),
            ExecutorException executor => (executor.Code, ExitCode.Machine),
            IOException or UnauthorizedAccessException => ("IO", ExitCode.Machine),
            _ => ("INTERNAL", ExitCode.Internal),
        };
        var message = code == "INTERNAL"
            ? $"This is an error of pipeline itself: {error.GetType().Name}: {error.Message} What was running runs on; `pipeline resume` goes on with it."
            : error.Message;
        Log.Debug(error, "The command ends with {Code}", code); // the terminal is told below
        terminal.Error.WriteLine($"error {code}: {Printable.Of(message)}");
        return exitCode;
    }

    private static int ExitCodeOf(string code) => code switch
    {
        EngineErrors.RunUnknown or EngineErrors.StageUnknown => ExitCode.NotFound,
        EngineErrors.RunState or EngineErrors.RunReferenced => ExitCode.Usage,
        _ => ExitCode.StateFolder,
    };
}
