using System.Diagnostics;
using System.Text;

namespace Pipeline.Cli.Tests;

/// <summary>The command line as a process of its own, as a person starts it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _output = new(), _error = new();
    private int _openStreams = 2;

    public ChildProcess(CommandBench bench, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PIPELINE_STATE"] = bench.State;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has printed so far, in whole lines.</summary>
    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>Runs a command to its end.</summary>
    public static CommandResult Do(CommandBench bench, params string[] arguments)
    {
        using var process = new ChildProcess(bench, arguments);
        return process.Result();
    }

    /// <summary>Sends a signal as <c>kill -NAME</c> does.</summary>
    public void Signal(string name) => Process.Start("kill", [$"-{name}", $"{_process.Id}"]).WaitForExit();

    /// <summary>What it did, once it has ended and nobody holds its pipes any more.</summary>
    public CommandResult Result()
    {
        Await(() => _process.HasExited && Volatile.Read(ref _openStreams) == 0, "the command to end and to let go of its terminal");
        return new(_process.ExitCode, Output, _error.ToString());
    }

    public static void Await(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Deadline) Assert.Fail($"Waited {Deadline.TotalSeconds} s for {what}.");
            Thread.Sleep(10);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Keep(StringBuilder kept, string? line)
    {
        if (line is null) Interlocked.Decrement(ref _openStreams);
        else lock (kept) kept.Append(line).Append('\n');
    }
}
