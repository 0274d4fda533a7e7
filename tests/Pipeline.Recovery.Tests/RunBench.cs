using System.Diagnostics;
using System.Text.Json;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;
using Pipeline.Store;

namespace Pipeline.Recovery.Tests;

/// <summary>A folder with a pipeline of fake stages, its state, and the ledger in which every stage notes its starts and ends.</summary>
internal sealed class RunBench : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"recovery-{Guid.NewGuid():N}");
    private readonly List<PipelineProcess> _processes = [];

    /// <param name="stages">The <c>stages:</c> of the pipeline, by <see cref="Stage"/>.</param>
    public RunBench(params IEnumerable<string> stages) : this(_ => string.Concat(stages)) { }

    /// <param name="stages">The same, given the path of the file that <see cref="Release"/> writes.</param>
    public RunBench(Func<string, string> stages)
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(PipelineFile, $"""
            apiVersion: pipeline/v1
            kind: Pipeline
            name: fakes
            defaults:
              retry: {"{"} limit: 50, backoff: {"{"} initial: 50ms, factor: 1 {"}"} {"}"}
            stages:

            """ + stages(Gate));
    }

    public string PipelineFile => Path.Combine(_folder, "pipeline.yaml");

    /// <summary>The state folder; beside the pipeline file unless another file system is to be tried.</summary>
    public string State { get => field ?? Path.Combine(_folder, "state"); init; }

    /// <summary>Address of the database that keeps the journal; null for a file of the state folder.</summary>
    public string? Database { get; init; }

    /// <summary>One stage of fakes.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="with">Its settings, in YAML's flow style without the braces.</param>
    /// <param name="needs">The stages whose output it reads.</param>
    /// <param name="more">Further keys of the stage, one a line.</param>
    public static string Stage(string id, string with, string needs = "", params string[] more)
    {
        var inputs = needs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(need => $"{need}: \"${{{{ stages.{need}.outputs.chain }}}}\"");
        var lines = new[]
        {
            $"  {id}:",
            "    uses: command",
            $"    run: [dotnet, \"{Path.Combine(AppContext.BaseDirectory, "fake-stage.dll")}\"]",
            $"    inputs: {{ {string.Join(", ", inputs)} }}",
            "    outputs: { chain: file }",
            "    resources: { cpus: 1 }",
            $"    with: {{ {with} }}",
        };
        return string.Join('\n', lines.Concat(more.Select(line => "    " + line))) + "\n";
    }

    /// <summary>Starts a command on this bench's state folder.</summary>
    public PipelineProcess Start(string verb, string? crashAt = null, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["PIPELINE_STATE"] = State,
            [LedgerVariable] = LedgerPath,
        };
        if (Database is not null) environment["PIPELINE_STORE"] = Database;
        if (crashAt is not null) environment[CrashPoint.EnvironmentVariable] = crashAt;
        var process = new PipelineProcess([verb, .. verb == "run" ? [PipelineFile] : Array.Empty<string>(), .. arguments], environment);
        _processes.Add(process);
        return process;
    }

    /// <summary>The next engine carries the newest run to its end, in this process.</summary>
    public RunState Finish() => EngineHere.Finish(State, new Dictionary<string, string> { [LedgerVariable] = LedgerPath }).Result;

    /// <summary>Runs a command to its end and returns its exit code.</summary>
    public int Do(string verb, params string[] arguments) => Start(verb, null, arguments).WaitForExit();

    /// <summary>What a command prints.</summary>
    public JsonElement Json(string verb, params string[] arguments)
    {
        var process = Start(verb, null, [.. arguments, "--json"]);
        process.WaitForExit();
        return JsonDocument.Parse(process.Output).RootElement;
    }

    /// <summary>Lets the held stages go on.</summary>
    public void Release() => File.WriteAllText(Gate, "");

    /// <summary>Whether the newest run's stage has done all that comes before its <c>hold_at</c>, checkpoints too.</summary>
    public bool IsHeld(string instance) => Heartbeat(instance).Contains("\"phase\":\"held\"");

    /// <summary>Whether it is in the middle of a checkpoint, held there by <c>hold_checkpoints</c>.</summary>
    public bool IsHeldInCheckpoint(string instance) => Heartbeat(instance).Contains("\"phase\":\"held in a checkpoint\"");

    private string Heartbeat(string instance) =>
        LatestRun is { } run ? ReadAll(Path.Combine(State, "runs", run, instance, "attempt-1"), "heartbeat") : "";

    /// <summary>Whether any shim of this bench is alive.</summary>
    public bool ShimsAlive => Shims.Any();

    /// <summary>The living shims.</summary>
    public IEnumerable<int> Shims => StateProcesses().Where(pid => ReadAll($"/proc/{pid}", "cmdline").Contains("\0shim\0"));

    /// <summary>Whether the first attempt of the newest run's stage was handed to an executor.</summary>
    public bool WasSubmitted(string instance) => IsThere(instance, "launch.json") || IsThere(instance, "slurm.json");

    /// <summary>Whether its first attempt has ended and its record says how.</summary>
    public bool HasEnded(string instance) => IsThere(instance, "exit.json");

    private bool IsThere(string instance, string file) =>
        LatestRun is { } run && File.Exists(Path.Combine(State, "runs", run, instance, "attempt-1", file));

    /// <summary>The living processes of stages that train.</summary>
    public IEnumerable<int> Trainings => StateProcesses().Where(pid => ReadAll($"/proc/{pid}", "cmdline").Contains("pipeline-stage.dll"));

    /// <summary>Everything of this bench that is alive: engines, shims, stages.</summary>
    public IReadOnlyList<int> Alive => [.. StateProcesses()];

    /// <summary>The file that held stages wait for.</summary>
    public string Gate => Path.Combine(_folder, "gate");

    public Ledger Ledger => Ledger.Read(LedgerPath);

    private const string LedgerVariable = "FAKE_STAGE_LEDGER";

    private string LedgerPath => Path.Combine(_folder, "ledger");

    /// <summary>The newest run that was submitted; null if there is none.</summary>
    public string? LatestRun => Directory.Exists(Path.Combine(State, "runs"))
        ? Directory.EnumerateDirectories(Path.Combine(State, "runs")).Select(Path.GetFileName).Max() : null;

    /// <summary>What a stage of a run made, taken from its newest attempt that made something.</summary>
    public string OutputOf(string run, string instance) =>
        File.ReadAllText(Attempts(run, instance).Select(path => Path.Combine(path, "outputs", "chain", "chain.txt")).First(File.Exists));

    /// <summary>The folders of a stage's attempts, newest first.</summary>
    public IReadOnlyList<string> Attempts(string run, string instance) =>
        [.. Directory.EnumerateDirectories(Path.Combine(State, "runs", run, instance)).OrderByDescending(path => int.Parse(path.Split('-')[^1]))];

    /// <summary>Names of everything among the checkpoints of a stage's newest attempt.</summary>
    public IReadOnlyList<string> CheckpointsOf(string run, string instance) =>
        [.. Directory.EnumerateDirectories(Path.Combine(Attempts(run, instance)[0], "checkpoints")).Select(path => Path.GetFileName(path)).Order()];

    /// <summary>The journal of a run.</summary>
    public IReadOnlyList<JournalEvent> Journal(string run)
    {
        using IOpenRunStore store = Database is null
            ? SqliteRunStore.Open(Path.Combine(State, "journal.db"))
            : PostgresRunStore.Open(PostgresAddress.Parse(Database), State);
        return store.Read(run).Result;
    }

    public void Dispose()
    {
        foreach (var process in _processes) process.Dispose();
        Deadline.Await(() => { KillWhatIsLeft(); return !StateProcesses().Any(); }, () => "the last job to die");
        Directory.Delete(_folder, recursive: true);
    }

    private void KillWhatIsLeft()
    {
        foreach (var pid in StateProcesses())
        {
            try { Process.GetProcessById(pid).Kill(); }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException) { }
        }
    }

    /// <summary>Shims, engines and stages of this bench: its folder is in their command line or environment.</summary>
    private IEnumerable<int> StateProcesses() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where int.TryParse(name, out var pid) && pid != Environment.ProcessId
        where ReadAll(folder, "cmdline").Contains(_folder) || ReadAll(folder, "environ").Contains(_folder)
        select int.Parse(name);

    private static string ReadAll(string folder, string file)
    {
        try { return File.ReadAllText(Path.Combine(folder, file)); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return ""; }
    }
}
