using System.ComponentModel;
using System.Diagnostics;
using Pipeline.Protocol.Options;
using Pipeline.Rewards.Sandboxes;

namespace Pipeline.Rewards.External;

/// <summary>A running program of a <see cref="CommandReward"/>. Disposing kills it with all it started.</summary>
internal sealed class ScoringChild : IAsyncDisposable
{
    private const int ErrorBytes = 4096;

    private readonly Process _process;
    private readonly TimeSpan _patience;
    private readonly Task<(string Text, bool IsCut)> _errors;

    private ScoringChild(Process process, TimeSpan patience)
    {
        (_process, _patience) = (process, patience);
        _errors = CappedStream.ReadAsync(process.StandardError.BaseStream, ErrorBytes);
    }

    /// <summary>The beginning of what it wrote to standard error; known once it is disposed.</summary>
    public string Errors { get; private set; } = "";

    /// <exception cref="RewardException">There is no such program.</exception>
    public static ScoringChild Start(string name, CommandTerm options)
    {
        var start = new ProcessStartInfo(options.Command[0], options.Command.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            return new ScoringChild(Process.Start(start)!, TimeSpan.FromSeconds(options.TimeoutSeconds));
        }
        catch (Win32Exception error)
        {
            throw new RewardException(RewardException.Command, $"The reward '{name}' cannot start {options.Command[0]}: {error.Message}", error);
        }
    }

    /// <summary>Writes the rows and hands on a line for each, until one is late or the program is gone.</summary>
    public async Task<ChildEnd> AskAsync(IEnumerable<string> rows, Action<string> answer, CancellationToken cancellation)
    {
        var asked = rows.ToList();
        // Beside the reading: a program that answers at once and reads late would have both wait for each other.
        var writing = WriteAsync(asked, cancellation);
        for (var row = 0; row < asked.Count; row++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(_patience);
            try
            {
                if (await _process.StandardOutput.ReadLineAsync(limit.Token) is not { } line) return ChildEnd.Died;
                answer(line);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return ChildEnd.TooSlow;
            }
        }
        await writing;
        return ChildEnd.None;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        Errors = (await _errors).Text.Trim();
        _process.Dispose();
    }

    private async Task WriteAsync(List<string> rows, CancellationToken cancellation)
    {
        try
        {
            foreach (var row in rows) await _process.StandardInput.WriteLineAsync(row.AsMemory(), cancellation);
            await _process.StandardInput.FlushAsync(cancellation);
        }
        catch (IOException)
        {
            // It is gone; the reader sees that, too.
        }
    }
}

/// <summary>What became of a program while it was asked.</summary>
internal enum ChildEnd
{
    /// <summary>It answered all, and can be asked again.</summary>
    None,

    /// <summary>It ended.</summary>
    Died,

    /// <summary>It took too long over a row, and must be ended.</summary>
    TooSlow,
}
