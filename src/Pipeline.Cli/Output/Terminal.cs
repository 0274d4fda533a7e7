using Spectre.Console;

namespace Pipeline.Cli.Output;

/// <summary>Where a command prints.</summary>
/// <param name="Out">Facts, for people and pipes.</param>
/// <param name="Error">Errors and remarks.</param>
/// <param name="IsInteractive">Whether a person looks at <paramref name="Out"/> on a terminal.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive)
{
    /// <summary>Draws tables and live progress on <see cref="Out"/>; without colours where that is no terminal.</summary>
    public IAnsiConsole Ansi { get; } = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Out),
        Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
        Interactive = IsInteractive ? InteractionSupport.Yes : InteractionSupport.No,
    });

    /// <summary>The terminal or the pipes that this process was started with.</summary>
    public static Terminal OfProcess() =>
        new(Console.Out, Console.Error, !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb");
}
