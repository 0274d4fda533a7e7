using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Engine.Folders;
using Pipeline.Protocol;

namespace Pipeline.Cli.Schedules;

/// <summary>The schedules of a state folder, a file each.</summary>
internal sealed partial class ScheduleFolder(StateFolder state)
{
    private string Folder => Path.Combine(state.Path, "schedules");

    /// <summary>The names of all.</summary>
    public IReadOnlyList<string> Names =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)] : [];

    /// <summary>All, by name.</summary>
    /// <exception cref="CliException"><c>SCHEDULE_DAMAGED</c>.</exception>
    public IReadOnlyList<Schedule> All => [.. Names.Select(Find).OfType<Schedule>()];

    /// <summary>The one of that name; null if there is none.</summary>
    /// <exception cref="CliException"><c>SCHEDULE_DAMAGED</c>.</exception>
    public Schedule? Find(string name)
    {
        try { return JsonSerializer.Deserialize<Schedule>(File.ReadAllBytes(Of(name)), ProtocolJson.Line)!; }
        catch (FileNotFoundException) { return null; } // removed since the look into the folder
        catch (JsonException error)
        {
            throw new CliException("SCHEDULE_DAMAGED", $"{Of(name)} is not a schedule: {error.Message} Remove the file and add the schedule again.", ExitCode.StateFolder);
        }
    }

    /// <summary>Adds one.</summary>
    /// <exception cref="CliException"><c>SCHEDULE_NAME</c>, <c>SCHEDULE_EXISTS</c>.</exception>
    public void Add(Schedule schedule)
    {
        if (!Name().IsMatch(schedule.Name))
            throw new CliException("SCHEDULE_NAME", $"'{schedule.Name}' cannot be a schedule's name: small letters, digits and '-', at most 40, a letter first.", ExitCode.Usage);
        if (File.Exists(Of(schedule.Name)))
            throw new CliException("SCHEDULE_EXISTS", $"There is a schedule {schedule.Name} already. `pipeline schedule remove {schedule.Name}` makes room, or choose another --name.", ExitCode.Usage);
        Directory.CreateDirectory(Folder);
        WholeFile.WriteJson(Of(schedule.Name), schedule);
    }

    /// <summary>Writes what became of one; nothing, if it was removed meanwhile.</summary>
    public void Update(Schedule schedule)
    {
        if (File.Exists(Of(schedule.Name))) WholeFile.WriteJson(Of(schedule.Name), schedule);
    }

    /// <summary>Removes one. Its runs stay.</summary>
    /// <exception cref="CliException"><c>SCHEDULE_UNKNOWN</c>.</exception>
    public void Remove(string name)
    {
        if (!Name().IsMatch(name) || !File.Exists(Of(name)))
            throw new CliException("SCHEDULE_UNKNOWN", $"There is no schedule {name} here. `pipeline schedule list` shows them.", ExitCode.NotFound);
        File.Delete(Of(name));
    }

    private string Of(string name) => Path.Combine(Folder, name + ".json");

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$")]
    private static partial Regex Name();
}
