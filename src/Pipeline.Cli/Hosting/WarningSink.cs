using Pipeline.Cli.Output;
using Serilog.Core;
using Serilog.Events;

namespace Pipeline.Cli.Hosting;

/// <summary>Shows warnings as one line each, without stack traces.</summary>
internal sealed class WarningSink(TextWriter target) : ILogEventSink
{
    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        var cause = logEvent.Exception is { } error ? $": {error.Message}" : "";
        lock (target) target.WriteLine($"{logEvent.Level.ToString().ToLowerInvariant()}: {Printable.Line(logEvent.RenderMessage() + cause)}");
    }
}
