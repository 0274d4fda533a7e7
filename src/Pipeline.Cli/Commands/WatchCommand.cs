using System.CommandLine;
using Pipeline.Cli.Following;
using Pipeline.Cli.Output;
using Pipeline.Cli.Places;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline watch RUN</c>: a run as it goes on, here or at a server.</summary>
internal static class WatchCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("watch", """
            Look on until a run is over: stages, progress, reward, time left. Ctrl-C leaves the run as it is.

              pipeline watch
              pipeline watch 20251123 --server http://lab:8421
              pipeline watch --json | jq 'select(.type == "AlarmRaised")'
            """);
        var (run, json, places) = (SharedOptions.Run(), new Option<bool>("--json") { Description = "Print the run's journal as it grows, a line of JSON an event." }, new RunPlaces(command));
        command.Arguments.Add(run);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using var place = places.Open(parsed);
            var watch = new RunWatch(place, terminal);
            return await (parsed.GetValue(json) ? watch.PrintJournal(parsed.GetValue(run)!) : watch.UntilOver(parsed.GetValue(run)!));
        });
        return command;
    }
}
