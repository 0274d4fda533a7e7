using System.CommandLine;
using System.Reflection;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline init [FILE]</c>: writes a pipeline to start from.</summary>
internal static class InitCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("init", "Write a small commented pipeline to start from.");
        var file = new Argument<string>("FILE") { Description = "Where to.", DefaultValueFactory = _ => "pipeline.yaml" };
        command.Arguments.Add(file);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            if (File.Exists(path))
                throw new CliException("FILE_EXISTS", $"{path} is there already; nothing was written. Name another file.", ExitCode.Usage);
            File.WriteAllText(path, Starter());
            terminal.Out.WriteLine($"Wrote {path}. Read it, then `pipeline run {path}`; it takes about a minute.");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The text of the starter.</summary>
    public static string Starter()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("starter.yaml")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
