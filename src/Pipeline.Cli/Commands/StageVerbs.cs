using System.CommandLine;
using System.Diagnostics;
using Pipeline.Cli.Hosting;

namespace Pipeline.Cli.Commands;

/// <summary>
/// Verbs that need a model's weights. They are handed to <c>pipeline-stage</c> as they are, with our terminal and its exit
/// code: only that program loads libtorch.
/// </summary>
internal static class StageVerbs
{
    /// <summary>The verbs and what they do.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["generate"] = "Sample completions of a model.",
        ["evaluate"] = "Evaluate a model on a file of problems; compare two evaluations.",
        ["model"] = "Look at a model folder, convert it, merge an adapter into it, score tokens with it.",
    };

    /// <summary>The verbs as commands, for the list in <c>--help</c>.</summary>
    public static IEnumerable<Command> ForHelp() => All.Select(verb => new Command(verb.Key, verb.Value));

    /// <summary>Runs <c>pipeline-stage</c> with these arguments.</summary>
    public static int Run(IReadOnlyList<string> arguments)
    {
        var command = StageProgramFinder.Command(StageProgramFinder.Find(asked: null));
        using var interrupt = new IgnoredInterrupt();
        using var process = Process.Start(new ProcessStartInfo(command[0], [.. command.Skip(1), .. arguments]))!;
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Ctrl-C reaches the child by itself; we wait for its exit code.</summary>
    private sealed class IgnoredInterrupt : IDisposable
    {
        private readonly System.Runtime.InteropServices.PosixSignalRegistration _registration =
            System.Runtime.InteropServices.PosixSignalRegistration.Create(
                System.Runtime.InteropServices.PosixSignal.SIGINT, context => context.Cancel = true);

        public void Dispose() => _registration.Dispose();
    }
}
