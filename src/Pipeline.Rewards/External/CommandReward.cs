using System.Text.Json;
using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.External;

/// <summary>
/// Scores by a program that stays: a row of JSON a line on its standard input, a number (or null, for no opinion) a line on its
/// standard output. One that dies is started again, and asked again for what it owed.
/// </summary>
/// <param name="name">The reward's name.</param>
/// <param name="options">The program and its limit.</param>
public sealed class CommandReward(string name, CommandTerm options) : IReward, IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private ScoringChild? _child;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    /// <exception cref="RewardException">The program cannot be started, dies twice on one row, or answers with something else than scores.</exception>
    public async ValueTask<IReadOnlyList<RewardScore>> ScoreAsync(IReadOnlyList<RewardInput> inputs, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var scores = new List<RewardScore>();
            var deaths = 0;
            while (scores.Count < inputs.Count)
            {
                _child ??= ScoringChild.Start(name, options);
                var before = scores.Count;
                var end = await _child.AskAsync(inputs.Skip(before).Select(RowJson.Of), line => scores.Add(Read(line)), cancellation);
                if (end == ChildEnd.None) continue;
                var errors = await EndAsync();
                if (end == ChildEnd.TooSlow) scores.Add(RewardScore.TimedOut);
                // A death with nothing done since the last one would happen for ever.
                deaths = end == ChildEnd.Died && scores.Count == before ? deaths + 1 : 0;
                if (deaths > 1) throw Failed($"it ends without an answer. It said: {errors}");
            }
            return scores;
        }
        catch
        {
            await EndAsync(); // what it still answers would be taken for answers to the next rows
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _turn.Dispose();
    }

    private async Task<string> EndAsync()
    {
        if (Interlocked.Exchange(ref _child, null) is not { } child) return "";
        await child.DisposeAsync();
        return child.Errors;
    }

    private RewardScore Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (RowJson.Score(document.RootElement) is { } score) return score;
        }
        catch (JsonException)
        {
            // Told below, with what came.
        }
        throw Failed($"it should answer a number or null a line, and answers {(line.Length <= 200 ? line : line[..200] + "…")}");
    }

    private RewardException Failed(string trouble) =>
        new(RewardException.Command, $"The reward '{name}', {string.Join(' ', options.Command)}, cannot be used: {trouble}");
}
