using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Pipeline.Cli.Conformance;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Tests.Conformance;

/// <summary>The adapters for trainers of others keep the protocol, with stand-ins where neither torchrun nor verl can be had.</summary>
[Parallelizable(ParallelScope.All)]
public class AdapterTests
{
    private static readonly string s_adapters = Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "stages", "Command"));
    private static readonly string s_standIns = Path.Combine(Here(), "StandIns");

    [Test]
    public async Task Launch_AWorkerThatLooksAtTheStopFile_KeepsTheProtocol() =>
        Assert.That(await Check("model", [], new() { ["steps"] = 12 },
            "env", $"ADAPTERS={s_adapters}", "python3", Adapter("launch.py"), "python3", StandIn("worker.py")), Is.Empty);

    [Test]
    public async Task Verl_KeepsTheProtocol_AndItsNumbersAndCompletionsAreFound()
    {
        var prompts = Path.GetTempFileName();
        try
        {
            var inputs = new Dictionary<string, JobInput> { ["model"] = new(prompts, ArtifactKind.File), ["prompts"] = new(prompts, ArtifactKind.File) };
            var options = new JsonObject
            {
                ["save_freq"] = 1, ["merge"] = new JsonArray("python3", StandIn("verl.py")), ["overrides"] = new JsonObject { ["trainer.total_training_steps"] = 12 },
            };
            var found = await Check("model", inputs, options, Look, "python3", Adapter("verl_grpo.py"), "--", "python3", StandIn("verl.py"));
            Assert.That(found, Is.Empty);
        }
        finally { File.Delete(prompts); }

        static void Look(AttemptFolder attempt)
        {
            var lines = MetricsFile.Lines(attempt.Metrics).ToList();
            Assert.That(lines.Select(line => line.Step), Is.EqualTo(Enumerable.Range(1, 12)));
            Assert.That(lines[^1].Values, Is.SupersetOf(new Dictionary<string, double> { ["reward"] = 1.2, ["entropy"] = 0.5, ["training/epoch"] = 0 }));
            Assert.That(Directory.GetFiles(attempt.Rollouts).Order().Select(Path.GetFileName), Is.EqualTo(Enumerable.Range(1, 12).Select(step => $"step-{step:D6}.jsonl")));
            Assert.That(File.ReadAllText(Path.Combine(attempt.Outputs, "model", "model.safetensors")), Is.EqualTo("weights of step 12"));
        }
    }

    private static Task<IReadOnlyList<Violation>> Check(string output, Dictionary<string, JobInput> inputs, JsonObject options, params string[] program) =>
        Check(output, inputs, options, _ => { }, program);

    private static async Task<IReadOnlyList<Violation>> Check(
        string output, Dictionary<string, JobInput> inputs, JsonObject options, Action<AttemptFolder> look, params string[] program)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"adapter-{Guid.NewGuid():N}");
        try
        {
            var trial = new StageTrial(program)
            {
                Options = options, Inputs = inputs, Outputs = [output], Limit = TimeSpan.FromSeconds(60), Grace = TimeSpan.FromSeconds(30), HeartbeatLimit = TimeSpan.FromSeconds(30),
            };
            var found = await new StageCheck(trial, folder).Run(CancellationToken.None);
            look(new AttemptFolder(Path.Combine(folder, "attempt-1")));
            return found;
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private static string Adapter(string name) => Path.Combine(s_adapters, name);

    private static string StandIn(string name) => Path.Combine(s_standIns, name);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
