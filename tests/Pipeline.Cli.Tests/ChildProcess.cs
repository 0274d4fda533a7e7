using System.Diagnostics;
using System.Text;

namespace Pipeline.Cli.Tests;

/// <summary>The command line as a process of its own, as a person starts it.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly StringBuilder _said = new();
    private readonly Process _process;
    private readonly Task<string> _output, _error;

    public ChildProcess(CommandBench bench, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PIPELINE_STATE"] = bench.State;
        _process = Process.Start(start)!;
        (_output, _error) = (Listen(_process.StandardOutput), _process.StandardError.ReadToEndAsync());
    }

    /// <summary>Runs a command to its end.</summary>
    public static CommandResult Do(CommandBench bench, params string[] arguments)
    {
        using var process = new ChildProcess(bench, arguments);
        return process.Result();
    }

    /// <summary>Sends a signal as <c>kill -NAME</c> does.</summary>
    public void Signal(string name) => Process.Start("kill", [$"-{name}", $"{_process.Id}"]).WaitForExit();

    /// <summary>Waits until it has printed that.</summary>
    public void AwaitSaid(string text) => Await(() => { lock (_said) return _said.ToString().Contains(text); }, $"the command to print '{text}'");

    /// <summary>What it did, once it has ended and nobody holds its pipes any more.</summary>
    public CommandResult Result()
    {
        Await(() => _process.HasExited && _output.IsCompleted && _error.IsCompleted, "the command to end and to let go of its terminal");
        return new(_process.ExitCode, _output.Result, _error.Result);
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

    private async Task<string> Listen(StreamReader output)
    {
        var buffer = new char[1024];
        int read;
        while ((read = await output.ReadAsync(buffer)) > 0)
            lock (_said) _said.Append(buffer, 0, read);
        return _said.ToString();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
