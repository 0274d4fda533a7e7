using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

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
        Begin(configuration, warnings);
    }

    /// <summary>The same for a server, whose log programs read: a line of compact JSON (CLEF) an event, in a file a day.</summary>
    /// <inheritdoc cref="Open"/>
    public static void OpenForServer(string state, TextWriter warnings) => Begin(
        new LoggerConfiguration().MinimumLevel.Debug().Enrich.FromLogContext().WriteTo.File(
            new CompactJsonFormatter(), Path.Combine(state, "logs", "serve-.jsonl"),
            rollingInterval: RollingInterval.Day, retainedFileCountLimit: DaysKept, shared: true),
        warnings);

    private static void Begin(LoggerConfiguration configuration, TextWriter? warnings)
    {
        if (warnings is not null) configuration.WriteTo.Sink(new WarningSink(warnings), LogEventLevel.Warning);
        Log.Logger = configuration.CreateLogger();
    }
}
