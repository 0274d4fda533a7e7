using Spectre.Console;

namespace Pipeline.Cli.Output;

/// <summary>Where a command prints.</summary>
/// <param name="Out">Facts, for people and pipes.</param>
/// <param name="Error">Errors and remarks.</param>
/// <param name="IsInteractive">Whether a person looks at <paramref name="Out"/> on a terminal.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive)
{
    /// <summary>Draws tables and live progress on <see cref="Out"/>; without colours where that is no terminal.</summary>
    public IAnsiConsole Ansi => _ansi.Value;

    private readonly Lazy<IAnsiConsole> _ansi = new(() => Console(Out, IsInteractive));

    /// <summary>The terminal or the pipes that this process was started with.</summary>
    public static Terminal OfProcess() => new(
        System.Console.Out, System.Console.Error,
        !System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb");

    private static IAnsiConsole Console(TextWriter output, bool interactive)
    {
        const int wide = 200; // a pipe has no edge to wrap at, but a table needs one
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = interactive ? InteractionSupport.Yes : InteractionSupport.No,
        });
        if (!interactive) console.Profile.Width = wide;
        return console;
    }
}
