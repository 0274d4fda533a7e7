using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Quickstart.Tests;

/// <summary>One run of the quickstart's smoke profile in a state folder of its own.</summary>
internal sealed class SmokeRun : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    private readonly string _state;
    private readonly bool _ownsState;
    private readonly StringBuilder _said = new();
    private Process? _engine;

    /// <param name="before">A run whose state folder this one shares; null for a fresh one.</param>
    public SmokeRun(SmokeRun? before = null)
    {
        _ownsState = before is null;
        _state = before?._state ?? Path.Combine(Path.GetTempPath(), $"smoke-{Guid.NewGuid():N}");
    }

    public string Said
    {
        get { lock (_said) return _said.ToString(); }
    }

    /// <summary>Starts a command that works on the run: <c>run</c> at first, later <c>resume</c>.</summary>
    public void Start(params string[] arguments) => _engine = PublishedPipeline.Start([.. arguments, "--state", _state], Keep);

    /// <summary>Waits for that command's end.</summary>
    public int ExitCode()
    {
        Await(() => _engine!.HasExited, "the run to end");
        return _engine!.ExitCode;
    }

    /// <summary>kill -9 of the orchestrator; jobs live on.</summary>
    public void KillEngine()
    {
        _engine!.Kill(entireProcessTree: false);
        _engine.WaitForExit();
    }

    /// <summary>kill -9 of the program that performs the stage's newest attempt.</summary>
    public void KillJob(string instance)
    {
        var job = NewestAttempt(instance)!.Value.Job;
        var victims = ProcessesWith($"{JobFile.EnvironmentVariable}={job}").Where(process => CommandLine(process).Contains("pipeline-stage")).ToList();
        Assert.That(victims, Is.Not.Empty, $"{instance} should be running");
        foreach (var pid in victims) Process.GetProcessById(pid).Kill();
    }

    /// <summary>Waits until the stage is in the middle of its steps.</summary>
    public void AwaitSteps(string instance, int step) => Await(() => Heartbeat(instance)?.Step >= step, $"step {step} of {instance}");

    /// <summary>What a command prints about the run, as JSON.</summary>
    public JsonElement Ask(params string[] arguments)
    {
        var printed = new StringBuilder();
        using var process = PublishedPipeline.Start([.. arguments, "--state", _state, "--json"], line => { lock (printed) printed.AppendLine(line); });
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, printed.ToString());
        return JsonDocument.Parse(printed.ToString()).RootElement;
    }

    /// <summary>Digest of every output of every stage, by <c>stage/output</c>.</summary>
    public SortedDictionary<string, string> Digests()
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var stage in Directory.EnumerateDirectories(RunFolder!).Select(path => Path.GetFileName(path)))
        {
            var result = JsonSerializer.Deserialize<ResultFile>(File.ReadAllText(NewestAttempt(stage)!.Value.Result), ProtocolJson.Line)!;
            foreach (var (name, output) in result.Outputs) digests[$"{stage}/{name}"] = output.Digest;
        }
        return digests;
    }

    /// <summary>The folder of an output.</summary>
    public string Output(string instance, string name) => Path.Combine(NewestAttempt(instance)!.Value.Outputs, name);

    public void Dispose()
    {
        if (_engine is { HasExited: false }) KillEngine();
        if (!_ownsState) return;
        foreach (var pid in ProcessesWith(_state))
        {
            try { Process.GetProcessById(pid).Kill(); }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException) { TestContext.Out.WriteLine($"{pid} was gone"); }
        }
        Await(() => !ProcessesWith(_state).Any(), "the last job to die");
        if (Directory.Exists(_state)) Directory.Delete(_state, recursive: true);
    }

    private string? RunFolder => Directory.Exists(Path.Combine(_state, "runs"))
        ? Directory.EnumerateDirectories(Path.Combine(_state, "runs")).Order(StringComparer.Ordinal).FirstOrDefault() : null;

    private AttemptFolder? NewestAttempt(string instance) =>
        RunFolder is { } run && Directory.Exists(Path.Combine(run, instance))
            ? Directory.EnumerateDirectories(Path.Combine(run, instance), "attempt-*")
                .OrderBy(path => int.Parse(path.Split('-')[^1])).Select(path => (AttemptFolder?)new AttemptFolder(path)).LastOrDefault()
            : null;

    private Heartbeat? Heartbeat(string instance) => NewestAttempt(instance) is { } folder && File.Exists(folder.Heartbeat)
        ? JsonSerializer.Deserialize<Heartbeat>(File.ReadAllText(folder.Heartbeat), ProtocolJson.Line) : null;

    private void Await(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(clock.Elapsed, Is.LessThan(Limit), $"Waited too long for {what}. It has said:\n{Said}");
            Thread.Sleep(TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond * 20));
        }
    }

    private void Keep(string line)
    {
        lock (_said) _said.AppendLine(line);
    }

    private static IEnumerable<int> ProcessesWith(string text) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where int.TryParse(name, out var pid) && pid != Environment.ProcessId
        where CommandLine(int.Parse(name)).Contains(text) || Read(Path.Combine(folder, "environ")).Contains(text)
        select int.Parse(name);

    private static string CommandLine(int pid) => Read($"/proc/{pid}/cmdline");

    private static string Read(string file)
    {
        try { return File.ReadAllText(file); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return ""; } // the process has ended
    }
}
