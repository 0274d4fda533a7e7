using System.Diagnostics;
using System.Text.Json;

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
    public string State => Path.Combine(_folder, "state");

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
            ["FAKE_STAGE_LEDGER"] = Path.Combine(_folder, "ledger"),
            ["PIPELINE_CRASH_AT"] = crashAt ?? "",
        };
        if (crashAt is null) environment.Remove("PIPELINE_CRASH_AT");
        var process = new PipelineProcess([verb, .. verb == "run" ? [PipelineFile] : Array.Empty<string>(), .. arguments], environment);
        _processes.Add(process);
        return process;
    }

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
    public bool IsHeld(string instance) =>
        LatestRun is { } run && ReadAll(Path.Combine(State, "runs", run, instance, "attempt-1"), "heartbeat").Contains("\"phase\":\"held\"");

    /// <summary>Whether any shim of this bench is alive.</summary>
    public bool ShimsAlive => StateProcesses().Any(pid => ReadAll($"/proc/{pid}", "cmdline").Contains("\0shim\0"));

    private string Gate => Path.Combine(_folder, "gate");

    public Ledger Ledger => Ledger.Read(Path.Combine(_folder, "ledger"));

    /// <summary>The newest run that was submitted; null if there is none.</summary>
    public string? LatestRun => Directory.Exists(Path.Combine(State, "runs"))
        ? Directory.EnumerateDirectories(Path.Combine(State, "runs")).Select(Path.GetFileName).Max() : null;

    /// <summary>What a stage of a run made, taken from its newest attempt that made something.</summary>
    public string OutputOf(string run, string instance)
    {
        var attempts = Directory.EnumerateDirectories(Path.Combine(State, "runs", run, instance))
            .OrderByDescending(path => int.Parse(path.Split('-')[^1]));
        return File.ReadAllText(attempts.Select(path => Path.Combine(path, "outputs", "chain", "chain.txt")).First(File.Exists));
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
