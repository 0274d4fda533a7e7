using System.CommandLine;
using System.Globalization;
using Pipeline.Cli.Hosting;
using Pipeline.Cli.Output;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Retention;

namespace Pipeline.Cli.Commands;

/// <summary><c>pipeline gc</c>: frees the disk of what nobody needs any more.</summary>
internal static class GcCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("gc", "Delete checkpoints that no policy keeps, what killed processes left, and on request old runs. Pinned runs stay, and those whose outputs others use.");
        var (state, json) = (SharedOptions.State(), SharedOptions.Json());
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tell what would go, and how much it is." };
        var older = new Option<double?>("--runs-older-than") { Description = "Whole runs as well that ended so many days ago.", HelpName = "DAYS" };
        command.Options.Add(dryRun);
        command.Options.Add(older);
        command.Options.Add(state);
        command.Options.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            using var workspace = Workspace.OpenExisting(parsed.GetValue(state)!);
            var collection = new GarbageCollection(workspace.Store, new DiskRunFiles(), workspace.Folder, TimeProvider.System);
            var found = await collection.Find(parsed.GetValue(older) is { } days ? TimeSpan.FromDays(days) : null);
            if (!parsed.GetValue(dryRun)) await collection.Collect(found);
            if (parsed.GetValue(json)) Json.Write(terminal, found);
            else Print(found, parsed.GetValue(dryRun), terminal);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(IReadOnlyList<Garbage> found, bool dryRun, Terminal terminal)
    {
        foreach (var garbage in found)
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{garbage.Bytes / 1e6,10:0.00} MB  {Json.Word(garbage.Kind)}  {garbage.Path}  ({garbage.Why})"));
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{found.Sum(garbage => garbage.Bytes) / 1e6:0.00} MB {(dryRun ? "would be" : "are")} free; {found.Count} items."));
    }
}
