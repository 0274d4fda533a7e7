using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Engine.Runs;
using Pipeline.Spec;
using Pipeline.Spec.Fingerprints;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Commands;

/// <summary>What <c>resume</c> and <c>fork</c> change in the pipeline of a run, told before it happens.</summary>
internal sealed class PipelineChange
{
    private readonly Option<string[]> _params = new("-p", "--param") { Description = "A parameter's new value; may be repeated.", HelpName = "name=value" };
    private readonly Option<string[]> _sets = new("--set")
    {
        Description = "A new value of any setting, such as stages.rl.with.steps=5; may be repeated.", HelpName = "path=value",
    };

    public PipelineChange(Command command)
    {
        command.Options.Add(_params);
        command.Options.Add(_sets);
    }

    /// <summary>Whether anything is to change.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_params) is { Length: > 0 } || parsed.GetValue(_sets) is { Length: > 0 };

    /// <summary>The run's pipeline with the changes, of which each is printed; null with every error printed.</summary>
    public ResolvedPipeline? Apply(ParseResult parsed, RunState run, Terminal terminal)
    {
        if (run.Pipeline.Text.Length == 0)
            throw new CliException("RUN_OLD", $"Run {run.Run} was submitted by an older version, which did not keep the file's text. Start a new run.", ExitCode.Usage);
        var loaded = PipelineFile.Again(run.Pipeline, new Overrides { Params = parsed.GetValue(_params) ?? [], Sets = parsed.GetValue(_sets) ?? [] });
        foreach (var error in loaded.Errors) terminal.Error.WriteLine(Printable.Of(error.ToString()));
        if (loaded.Pipeline is not { } changed) return null;
        foreach (var stage in StageChange.Between(run.Pipeline, changed))
            foreach (var difference in stage.Differences) terminal.Out.WriteLine(Printable.Line($"{stage.Instance}: {difference}"));
        return changed;
    }

    /// <summary>Warns of each stage whose outputs are kept though the changed pipeline would make others.</summary>
    /// <param name="run">The run before it is resumed.</param>
    /// <param name="changed">Its pipeline from now on.</param>
    /// <param name="from">The instances that are made anew.</param>
    /// <param name="terminal">Where to.</param>
    public static void WarnOfStale(RunState run, ResolvedPipeline changed, IReadOnlyList<string> from, Terminal terminal)
    {
        var again = RunState.Behind(changed, from);
        foreach (var stage in StageChange.Between(run.Pipeline, changed).Where(stage => stage.MakesOthers))
            if (run.ByInstance.GetValueOrDefault(stage.Instance) is { Phase: StagePhase.Succeeded or StagePhase.Cached } && !again.Contains(stage.Instance))
                terminal.Error.WriteLine($"warning: {stage.Instance} is kept as it was made, before this change; `--from {stage.Instance}` makes it anew.");
    }
}
