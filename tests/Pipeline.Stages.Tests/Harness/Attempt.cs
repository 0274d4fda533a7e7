using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Tests.Harness;

/// <summary>One attempt at a stage: its job file, and what came of it.</summary>
internal sealed class Attempt
{
    private Attempt(AttemptFolder folder, JobFile job) => (Folder, Job) = (folder, job);

    public AttemptFolder Folder { get; }

    public JobFile Job { get; }

    /// <summary>What the stage wrote to its error stream.</summary>
    public string Error { get; private set; } = "";

    public ResultFile Result => JsonSerializer.Deserialize<ResultFile>(File.ReadAllText(Folder.Result), ProtocolJson.Line)!;

    public IReadOnlyList<StageEvent> Events =>
        [.. File.ReadAllLines(Folder.Events).Select(line => JsonSerializer.Deserialize<StageEvent>(line, ProtocolJson.Line)!)];

    /// <summary>The lines of metrics; a torn last one, as a killed stage may leave it, is not counted.</summary>
    public IReadOnlyList<JsonObject> Metrics =>
        File.Exists(Folder.Metrics) && File.ReadAllText(Folder.Metrics) is { } text
            ? [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())]
            : [];

    public string Output(string name = "model") => Job.Outputs[name];

    /// <summary>Writes a job file. Inputs are given as <c>("model", path)</c>.</summary>
    public static Attempt Of(string stageFolder, string kind, string options, params (string Name, string Path)[] inputs) =>
        Of(stageFolder, kind, options, inputs, job => job);

    public static Attempt Of(
        string stageFolder, string kind, string options, (string Name, string Path)[] inputs, Func<JobFile, JobFile> change)
    {
        var attempt = 1;
        while (Directory.Exists(Path.Combine(stageFolder, $"attempt-{attempt}"))) attempt++;
        var folder = new AttemptFolder(Path.Combine(stageFolder, $"attempt-{attempt}"));
        Directory.CreateDirectory(folder.Path);
        var name = Path.GetFileName(stageFolder);
        var known = Protocol.Stages.StageKinds.Find(kind);
        var outputs = known?.Outputs.Select(port => port.Name) ?? [];
        var job = change(new JobFile
        {
            Run = "run", Stage = name, Instance = name, Attempt = attempt, Token = $"{name}-{attempt}", Kind = kind,
            KindVersion = known?.Version ?? 1, Fingerprint = name,
            Options = JsonNode.Parse(options)!.AsObject(),
            Inputs = inputs.ToDictionary(input => input.Name, input => new JobInput(input.Path, "")),
            Outputs = outputs.ToDictionary(output => output, output => Path.Combine(folder.Outputs, output)),
            Cpus = 1, // the machine may have one core; and sums depend on the number
        });
        File.WriteAllText(folder.Job, JsonSerializer.Serialize(job, ProtocolJson.Indented));
        return new Attempt(folder, job);
    }

    /// <summary>Runs it in this process.</summary>
    /// <returns>The exit code.</returns>
    public int Run(StopRequest? stop = null)
    {
        var before = Console.Error;
        using var error = new StringWriter();
        Console.SetError(error);
        try { return StageHost.Run(Folder.Job, stop ?? new StopRequest(), TimeProvider.System); }
        finally
        {
            Console.SetError(before);
            Error = error.ToString();
        }
    }

    /// <summary>Runs it in this process and expects it to succeed.</summary>
    public Attempt MustSucceed()
    {
        var code = Run();
        Assert.That(code, Is.EqualTo(StageExit.Done), Error);
        return this;
    }

    /// <summary>Starts it as a program of its own, as the engine does.</summary>
    public Process Start(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [StageProgram])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
            Environment = { [JobFile.EnvironmentVariable] = Folder.Job },
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine(); // a full pipe would stop the stage
        process.ErrorDataReceived += (_, line) => Error += line.Data + "\n";
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The stage program beside the tests.</summary>
    public static string StageProgram => Path.Combine(AppContext.BaseDirectory, "pipeline-stage.dll");
}
