using Serilog;
using Serilog.Events;

namespace Pipeline.Cli.Hosting;

/// <summary>The program's own log: everything goes to a file of the state folder, warnings to the terminal as well.</summary>
internal static class LogFile
{
    private const int DaysKept = 14;

    /// <summary>Begins to log; <see cref="Log.CloseAndFlush"/> at the end of the process.</summary>
    /// <param name="state">The state folder.</param>
    /// <param name="warnings">Where warnings are shown; null: nowhere.</param>
    public static void Open(string state, TextWriter? warnings)
    {
        var configuration = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.File(
            Path.Combine(state, "logs", "pipeline-.log"),
            rollingInterval: RollingInterval.Day, retainedFileCountLimit: DaysKept, shared: true);
        if (warnings is not null) configuration.WriteTo.Sink(new WarningSink(warnings), LogEventLevel.Warning);
        Log.Logger = configuration.CreateLogger();
    }
}
