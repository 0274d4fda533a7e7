using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Cli.Schedules;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline schedule add|list|remove</c>: runs that <c>pipeline serve</c> starts at times of cron's.</summary>
internal static class ScheduleCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("schedule", """
            Runs that start by themselves, while `pipeline serve` serves the state folder.

              pipeline schedule add nightly.yaml --cron "30 2 * * 1-5" --time-zone Europe/Berlin
              pipeline schedule list
              pipeline schedule remove nightly

            The file is read anew each time. Of times that passed while nobody served, the newest is made up for, if it is
            not older than a day. While a run of the schedule is under way, no other is started.
            """);
        command.Subcommands.Add(Add(terminal));
        command.Subcommands.Add(List(terminal));
        command.Subcommands.Add(Remove(terminal));
        return command;
    }

    private static Command Add(Terminal terminal)
    {
        var command = new Command("add", "Start a pipeline at certain times from now on.");
        var (input, state) = (new PipelineInput(command), SharedOptions.State());
        var cron = new Option<string>("--cron") { Description = "Minute, hour, day of the month, month, day of the week.", HelpName = "\"M H D M W\"", Required = true };
        var zone = new Option<string>("--time-zone") { Description = "Whose clock.", HelpName = "ZONE", DefaultValueFactory = _ => TimeZoneInfo.Local.Id };
        var name = new Option<string?>("--name") { Description = "The schedule's name [default: the file's].", HelpName = "NAME" };
        foreach (var option in (Option[])[cron, zone, name, state]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            if (input.Load(parsed, terminal) is null) return ExitCode.Usage;
            var overrides = input.Overrides(parsed);
            var schedule = new Schedule
            {
                Name = parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(input.File(parsed)),
                File = Path.GetFullPath(input.File(parsed)),
                Profile = overrides.Profile, Params = overrides.Params, Sets = overrides.Sets,
                Cron = parsed.GetValue(cron)!, TimeZone = parsed.GetValue(zone)!,
                Until = DateTimeOffset.UtcNow,
            };
            var next = schedule.Next(schedule.Until);
            using var workspace = Workspace.Open(parsed.GetValue(state)!);
            new ScheduleFolder(workspace.Folder).Add(schedule);
            terminal.Out.WriteLine($"Schedule {schedule.Name}: {(next is { } time ? $"the first run starts at {Text(time)}, if `pipeline serve` serves {workspace.Folder.Path} then" : "no such time will ever come")}.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List(Terminal terminal)
    {
        var command = new Command("list", "The schedules, their next times and their last runs.");
        var (state, json) = (SharedOptions.State(), SharedOptions.Json());
        command.Options.Add(state);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var schedules = new ScheduleFolder(workspace.Folder).All;
            if (parsed.GetValue(json)) Json.Write(terminal, schedules.Select(schedule => new { schedule.Name, schedule.File, schedule.Cron, schedule.TimeZone, Next = Next(schedule), schedule.LastRun, schedule.Trouble }));
            else if (schedules.Count == 0) terminal.Out.WriteLine("No schedules. `pipeline schedule add FILE --cron \"…\"` adds one.");
            else Print(schedules, terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove(Terminal terminal)
    {
        var command = new Command("remove", "Start no more runs of a schedule. Those that it has started stay.");
        var name = new Argument<string>("NAME") { Description = "The schedule's name." };
        var state = SharedOptions.State();
        command.Arguments.Add(name);
        command.Options.Add(state);
        command.SetAction(parsed =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            new ScheduleFolder(workspace.Folder).Remove(parsed.GetValue(name)!);
            terminal.Out.WriteLine($"Schedule {parsed.GetValue(name)} is removed.");
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IEnumerable<Schedule> schedules, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("schedule", "cron", "zone", "next", "last run", "");
        foreach (var schedule in schedules)
        {
            table.AddRow(
                new Text(schedule.Name), new Text(schedule.Cron), new Text(schedule.TimeZone),
                new Text(Next(schedule) is { } next ? Text(next) : "never"), new Text(schedule.LastRun ?? "none yet"),
                new Text(schedule.Trouble is { } trouble ? Printable.Line(trouble) : ""));
        }
        terminal.Ansi.Write(table);
    }

    private static DateTimeOffset? Next(Schedule schedule) => schedule.Next(DateTimeOffset.UtcNow);

    private static string Text(DateTimeOffset time) => time.ToString("ddd yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);
}
