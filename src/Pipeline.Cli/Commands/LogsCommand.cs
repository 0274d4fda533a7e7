using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Places;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline logs RUN STAGE</c>: what a stage printed.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(200);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("logs", "Print what a stage printed. Escape sequences are shown, not obeyed.");
        var (run, places) = (SharedOptions.Run(), new RunPlaces(command));
        run.DefaultValueFactory = null;
        var stage = SharedOptions.Stage();
        var attempt = new Option<int?>("--attempt") { Description = "Which attempt [default: the newest].", HelpName = "N" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on printing until the stage is done." };
        command.Arguments.Add(run);
        command.Arguments.Add(stage);
        command.Options.Add(attempt);
        command.Options.Add(follow);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var place = places.Open(parsed);
            var known = await place.Run(parsed.GetValue(run)!);
            var (instance, asked) = (parsed.GetValue(stage)!, parsed.GetValue(attempt));
            for (var number = Number(known, instance, asked);; number++)
            {
                var printer = new Printer(place, new AttemptKey(known.Run, instance, number), terminal.Out);
                if (!parsed.GetValue(follow))
                {
                    await printer.PrintNew(ended: true);
                    return ExitCode.Done;
                }
                await Until(stage => !stage.Attempt(number)!.Alive, printer.PrintNew);
                var after = await Until(stage => stage.Attempts.Count > number || stage.Done || stage.Stuck, _ => Task.CompletedTask);
                if (asked is not null || after.Attempts.Count == number) return ExitCode.Done;
            }

            async Task<StageState> Until(Func<StageState, bool> holds, Func<bool, Task> look)
            {
                while (true)
                {
                    var now = (await place.Run(known.Run)).Stage(instance);
                    var ended = holds(now);
                    await look(ended);
                    if (ended) return now;
                    await Task.Delay(FollowInterval, cancellation);
                }
            }
        });
        return command;
    }

    private static int Number(RunState run, string instance, int? asked)
    {
        if (!run.ByInstance.TryGetValue(instance, out var stage))
            throw new CliException("STAGE_UNKNOWN",
                $"Run {run.Run} has no stage '{instance}'. It has: {string.Join(", ", run.Stages.Select(known => known.Instance))}.", ExitCode.NotFound);
        var number = asked ?? stage.Attempts.Count;
        return stage.Attempt(number) is not null ? number : throw new CliException("ATTEMPT_UNKNOWN",
            $"Stage '{instance}' of run {run.Run} has {stage.Attempts.Count} attempts ({Json.Word(stage.Phase)}){(asked is null ? "" : $", and no attempt {asked}")}.",
            ExitCode.NotFound);
    }

    /// <summary>Prints both streams as they grow, the ordinary one first.</summary>
    private sealed class Printer(IRunPlace place, AttemptKey attempt, TextWriter output)
    {
        private long _output, _error;

        public async Task PrintNew(bool ended)
        {
            _output = await place.CopyLog(attempt, ofErrors: false, _output, ended, output);
            _error = await place.CopyLog(attempt, ofErrors: true, _error, ended, output);
        }
    }
}
