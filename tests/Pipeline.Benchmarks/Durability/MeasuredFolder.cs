using System.Diagnostics;
using Pipeline.Engine.Folders;
using Pipeline.Executors.Local;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Benchmarks.Durability;

/// <summary>A state folder of its own, gone when disposed of.</summary>
internal sealed class MeasuredFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("pipeline-budgets-").FullName;

    public MeasuredFolder() => State = StateFolder.Open(_path);

    public StateFolder State { get; }

    /// <summary>Jobs as processes under the shim of the command line beside us.</summary>
    public LocalExecutor Executor(int cpus) => new(
        _path, [.. DotnetHost.Command(Path.Combine(AppContext.BaseDirectory, "pipeline.dll")), "shim"], new LocalMachine(cpus, []));

    /// <summary>Shim and stage of a job: its folder is in their command line or environment.</summary>
    public static IReadOnlyList<Process> ProcessesOf(AttemptFolder folder) =>
    [
        .. from entry in Directory.EnumerateDirectories("/proc")
           where int.TryParse(Path.GetFileName(entry), out var id) && id != Environment.ProcessId
           where Read(entry, "cmdline").Contains(folder.Path, StringComparison.Ordinal) || Read(entry, "environ").Contains(folder.Path, StringComparison.Ordinal)
           select Process.GetProcessById(int.Parse(Path.GetFileName(entry), System.Globalization.CultureInfo.InvariantCulture)),
    ];

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private static string Read(string folder, string file)
    {
        try { return File.ReadAllText(Path.Combine(folder, file)); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return ""; }
    }
}
