using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.FakeStage;

/// <summary>
/// A stage whose work is a chain of hashes: what it makes depends on its seed, its inputs and its number of steps and on
/// nothing else, so that an interrupted run can be compared with an unbroken one.
/// </summary>
internal sealed partial class Stage(JobFile job, AttemptFolder folder) : IDisposable
{
    private readonly FakeOptions _options = FakeOptions.Of(job);
    private readonly ManualResetEventSlim _stop = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly byte[][] _memory = new byte[1][];

    public int Perform()
    {
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerm);
        Ledger.Append("start", job);
        Misbehave();

        var chain = job.ResumeFrom is { } checkpoint ? Chain.Read(checkpoint) : Chain.Begin(job);
        Beat(chain.Step);
        while (chain.Step < _options.Steps)
        {
            if (Trouble(chain.Step + 1) is { } code) return code;
            _stop.Wait(_options.StepMs);
            if (_stop.IsSet) return Interrupted(chain);

            chain = chain.Next();
            File.AppendAllText(folder.Metrics, string.Create(CultureInfo.InvariantCulture,
                $"{{\"step\":{chain.Step},\"time\":{_clock.Elapsed.TotalSeconds:F3},\"loss\":{chain.Loss:F6}}}\n"));
            Beat(chain.Step);
            if (_options.AlarmAt == chain.Step) Tell(chain.Step, StageEventKind.Alarm, "FAKE", "As it was told.");
            if (_options.CheckpointEvery > 0 && chain.Step % _options.CheckpointEvery == 0 && chain.Step < _options.Steps)
                Save(chain);
        }

        Finish(chain);
        Ledger.Append("end", job);
        return StageExit.Done;
    }

    public void Dispose() => _stop.Dispose();

    private void OnTerm(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_options.IgnoreSigterm) _stop.Set();
    }

    private void Misbehave()
    {
        if (_options.Print is { } text) Console.Out.Write(text);
        var kilobyte = new string('x', 1023) + '\n';
        for (var i = 0; i < _options.PrintMb << 10; i++) Console.Out.Write(kilobyte);
        if (_options.PrintError is { } error) Console.Error.Write(error);
        if (_options.AllocateMb > 0)
        {
            _memory[0] = new byte[_options.AllocateMb << 20];
            Array.Fill(_memory[0], (byte)1); // untouched pages would not count
        }
        for (var child = 0; child < _options.Children; child++)
            Process.Start("sh", ["-c", "trap '' TERM; while :; do sleep 1; done"]);
    }

    /// <summary>What the options say shall happen before <paramref name="step"/>; an exit code, or null to go on.</summary>
    private int? Trouble(long step)
    {
        if (_options.HoldAt == step)
            while (!File.Exists(_options.HoldUntil) && !_stop.Wait(10))
                Beat(step - 1, "held");
        if (job.Attempt > _options.BadAttempts) return null;
        if (_options.HangAt == step) _stop.Wait();
        if (_options.SignalAt == step)
        {
            _ = Kill(Environment.ProcessId, _options.Signal);
            Thread.Sleep(Timeout.Infinite); // until the signal arrives
        }
        if (_options.FailAt != step) return null;
        Console.Error.WriteLine($"fake-stage fails at step {step}, as it was told.");
        return _options.ExitCode;
    }

    private int Interrupted(Chain chain)
    {
        Save(chain);
        Tell(chain.Step, StageEventKind.Stopped, "SIGTERM", "Asked to stop.");
        return StageExit.Interrupted;
    }

    private void Save(Chain chain)
    {
        var path = chain.Write(folder, job, () =>
        {
            while (_options.HoldCheckpoints && !File.Exists(_options.HoldUntil))
            {
                Beat(chain.Step, "held in a checkpoint");
                Thread.Sleep(10);
            }
        });
        Tell(chain.Step, StageEventKind.Checkpoint, "CHECKPOINT", $"Checkpoint at step {chain.Step}.",
            new JsonObject { ["path"] = path });
    }

    private void Finish(Chain chain)
    {
        var outputs = new Dictionary<string, ResultOutput>();
        foreach (var (name, path) in job.Outputs)
        {
            Directory.CreateDirectory(path);
            WholeFile.WriteText(Path.Combine(path, "chain.txt"), $"{name} {chain.Hash}\n");
            outputs[name] = new ResultOutput(ArtifactKind.File, ArtifactDigest.Of(path));
        }
        if (_options.ForgetResult) return;
        WholeFile.WriteJson(folder.Result, new ResultFile
        {
            Token = job.Token, Outputs = outputs, Metrics = _options.Metrics,
            Tokens = chain.Step, Seconds = _clock.Elapsed.TotalSeconds,
        });
    }

    private void Beat(long step, string phase = "training") => WholeFile.Refresh(folder.Heartbeat, JsonSerializer.Serialize(
        new Heartbeat(step, _options.Steps, phase, (_options.Steps - step) * _options.StepMs / 1000.0), ProtocolJson.Line));

    private void Tell(long step, StageEventKind kind, string code, string message, JsonObject? data = null) =>
        File.AppendAllText(folder.Events, JsonSerializer.Serialize(
            new StageEvent(DateTimeOffset.UtcNow, step, kind, code, message, data), ProtocolJson.Line) + "\n");

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
