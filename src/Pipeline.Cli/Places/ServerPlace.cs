using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Cli.Following;
using Pipeline.Cli.Output;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Spec;

namespace Pipeline.Cli.Places;

/// <summary>The runs of a server, asked over its public API.</summary>
internal sealed class ServerPlace : IRunPlace
{
    private const int LogPart = 1 << 20;
    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1); // by then a server that is started anew is back
    private readonly ServerClient _client;
    private readonly ServerLiveFacts _live;

    /// <param name="server">Its address.</param>
    /// <param name="token">Its token; null for none.</param>
    public ServerPlace(Uri server, string? token)
    {
        _client = new ServerClient(server, token);
        _live = new ServerLiveFacts(_client);
    }

    /// <inheritdoc/>
    public ILiveFacts Live => _live;

    /// <inheritdoc/>
    public string Whereabouts(string run) => $"{_client.Server}runs/{run}";

    /// <inheritdoc/>
    public string? EngineAtWork(string run) => null;

    /// <summary>Submits a run and returns its id.</summary>
    /// <param name="file">The pipeline file; paths in it are relative to where the server was started.</param>
    /// <param name="overrides">What is overridden in it.</param>
    public async Task<string> Submit(string file, Overrides overrides)
    {
        var text = await File.ReadAllTextAsync(file);
        return (await _client.Post("runs", new { text, overrides.Profile, overrides.Params, overrides.Sets })).GetProperty("run").GetString()!;
    }

    /// <inheritdoc/>
    public async Task<RunState> Run(string word)
    {
        var state = RunState.Fold(await Journal(word, after: 0));
        await _live.Refresh(state);
        return state;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalEvent> Follow(string run, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var state = RunState.Fold(await Journal(run, after: 0));
        var told = after;
        while (true)
        {
            foreach (var fact in await OnceItAnswers(() => Look(state, told), cancellation))
            {
                if (fact.Sequence > state.Sequence) state = state.Apply(fact);
                told = fact.Sequence;
                yield return fact;
            }
            if (state.Over) yield break;
            await Task.Delay(FollowInterval, cancellation);
        }
    }

    /// <summary>Asks for a run to be cancelled.</summary>
    public Task Cancel(string run) => _client.Post($"runs/{run}/cancel", new { });

    /// <inheritdoc/>
    public Task Answer(string run, string instance, bool approved, string? reason) =>
        _client.Post($"runs/{run}/stages/{Uri.EscapeDataString(instance)}/approval", new { approved, reason });

    /// <inheritdoc/>
    public async Task<long> CopyLog(AttemptKey attempt, bool ofErrors, long offset, bool ended, TextWriter target)
    {
        while (true)
        {
            var part = await _client.Get(string.Create(CultureInfo.InvariantCulture,
                $"runs/{attempt.Run}/stages/{Uri.EscapeDataString(attempt.Instance)}/logs?attempt={attempt.Attempt}&stream={(ofErrors ? "stderr" : "stdout")}&offset={offset}&limit={LogPart}"));
            var end = part.GetProperty("end").GetInt64();
            target.Write(Printable.Of(part.GetProperty("text").GetString()!));
            if (end == offset) break;
            offset = end;
        }
        target.Flush();
        return offset;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task<T> OnceItAnswers<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        for (var since = Stopwatch.GetTimestamp(); ; await Task.Delay(FollowInterval, cancellation))
        {
            try { return await ask(); }
            catch (CliException error) when (error.Code == ServerClient.Silent && Stopwatch.GetElapsedTime(since) < Patience) { }
        }
    }

    private async Task<IReadOnlyList<JournalEvent>> Look(RunState run, long after)
    {
        await _live.Refresh(run);
        return await Journal(run.Run, after);
    }

    private async Task<IReadOnlyList<JournalEvent>> Journal(string run, long after) =>
        [.. (await _client.Text($"runs/{Uri.EscapeDataString(run)}/journal?after={after.ToString(CultureInfo.InvariantCulture)}"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(JournalJson.Read)];
}
