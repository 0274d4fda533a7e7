using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Spec;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Commands;

/// <summary>A pipeline file on the command line: the file and what is overridden in it.</summary>
internal sealed class PipelineInput
{
    private readonly Argument<string> _file = SharedOptions.File();
    private readonly Option<string?> _profile = new("--profile") { Description = "A profile of the file.", HelpName = "NAME" };
    private readonly Option<string[]> _params = new("-p", "--param") { Description = "A parameter's value; may be repeated.", HelpName = "name=value" };
    private readonly Option<string[]> _sets = new("--set")
    {
        Description = "Any setting, such as stages.rl.with.steps=5; may be repeated.",
        HelpName = "path=value",
    };

    public PipelineInput(Command command)
    {
        command.Arguments.Add(_file);
        command.Options.Add(_profile);
        command.Options.Add(_params);
        command.Options.Add(_sets);
    }

    /// <summary>Reads the file.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where errors are printed, all of them.</param>
    /// <returns>The pipeline; null if there are errors, which have been printed.</returns>
    public ResolvedPipeline? Load(ParseResult parsed, Terminal terminal)
    {
        var loaded = Read(parsed);
        foreach (var error in loaded.Errors) terminal.Error.WriteLine(Printable.Of(error.ToString()));
        return loaded.Pipeline;
    }

    /// <summary>Reads the file without printing.</summary>
    public LoadedPipeline Read(ParseResult parsed) => PipelineFile.Load(File(parsed), Overrides(parsed));

    /// <summary>The path of the file.</summary>
    public string File(ParseResult parsed) => parsed.GetValue(_file)!;

    /// <summary>What is overridden in it.</summary>
    public Overrides Overrides(ParseResult parsed) => new()
    {
        Profile = parsed.GetValue(_profile),
        Params = parsed.GetValue(_params) ?? [],
        Sets = parsed.GetValue(_sets) ?? [],
    };
}
