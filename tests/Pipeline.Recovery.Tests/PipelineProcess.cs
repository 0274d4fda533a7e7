using System.Diagnostics;
using System.Text;

namespace Pipeline.Recovery.Tests;

/// <summary>The command line as a child process, as a person or a script starts it.</summary>
internal sealed class PipelineProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public PipelineProcess(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "pipeline.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What a process that was killed by SIGKILL exits with, as .NET and shells tell it.</summary>
    public const int Killed = 128 + 9;

    public bool IsAlive => !_process.HasExited;

    /// <summary>The most memory it has had at once, in bytes.</summary>
    public long PeakMemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public int Id => _process.Id;

    public string Output
    {
        get { lock (_output) return _output.ToString(); }
    }

    /// <summary>kill -9 of the process alone, not of what it has started.</summary>
    public void Kill()
    {
        try { _process.Kill(entireProcessTree: false); }
        catch (InvalidOperationException) { } // it was faster
        WaitForExit();
    }

    /// <summary>Whether it ends by itself within that time.</summary>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>Its exit code.</summary>
    public int WaitForExit()
    {
        Deadline.Await(() => _process.HasExited, () => $"pipeline to end; it has said:\n{Output}");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (IsAlive) Kill();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }
}
