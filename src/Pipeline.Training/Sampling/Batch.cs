namespace Pipeline.Training.Sampling;

/// <summary>
/// Continuous batching (Orca, OSDI 2022): each pass through the model feeds every live row its last token and reads the
/// prompts whose rows come next, so that a place is never empty while rows wait.
/// </summary>
internal sealed class Batch
{
    private readonly IDecoder _decoder;
    private readonly IReadOnlyList<int[]> _prompts;
    private readonly SamplingOptions _options;
    private readonly int _vocab;
    private readonly long _firstRow;
    private readonly Action<int, int>? _progress;
    private readonly TokenChoice _choice;
    private readonly Draft[] _drafts;
    private readonly Dictionary<int[], OpenPrompt> _open = new(new PromptComparer());
    private readonly Dictionary<int[], int> _rowsLeft = new(new PromptComparer());
    private readonly List<LiveRow> _live = [];

    /// <param name="decoder">Without sequences.</param>
    /// <param name="prompts">One per row.</param>
    /// <param name="options">How to draw.</param>
    /// <param name="vocab">Scores of a token.</param>
    /// <param name="firstRow">Number of the first row, for the random numbers.</param>
    /// <param name="progress">Told of each row's tokens; null for nobody.</param>
    public Batch(IDecoder decoder, IReadOnlyList<int[]> prompts, SamplingOptions options, int vocab, long firstRow, Action<int, int>? progress)
    {
        (_decoder, _prompts, _options, _vocab, _firstRow, _progress) = (decoder, prompts, options, vocab, firstRow, progress);
        _choice = new TokenChoice(options, vocab);
        _drafts = [.. prompts.Select(prompt => new Draft(prompt, options))];
        foreach (var prompt in prompts) _rowsLeft[prompt] = _rowsLeft.GetValueOrDefault(prompt) + 1;
    }

    public IReadOnlyList<Completion> Run()
    {
        var next = 0;
        while (next < _prompts.Count || _live.Count > 0)
        {
            var first = next;
            next += Math.Min(_options.BatchSize - _live.Count, _prompts.Count - next);
            var unread = new List<int[]>();
            for (var row = first; row < next; row++)
                if (_open.TryAdd(_prompts[row], new OpenPrompt(_decoder.Open()))) unread.Add(_prompts[row]);

            Feed(unread);
            for (var row = first; row < next; row++) Begin(row);
        }
        return [.. _drafts.Select(draft => draft.ToCompletion())];
    }

    /// <summary>One pass: live rows take their next token, prompts their scores.</summary>
    private void Feed(List<int[]> unread)
    {
        if (_live.Count + unread.Count == 0) return;
        var scores = _decoder.Feed(
        [
            .. _live.Select(row => (row.Sequence, (int[])[row.Token])),
            .. unread.Select(prompt => (_open[prompt].Sequence, prompt)),
        ]);
        for (var i = 0; i < unread.Count; i++) _open[unread[i]].Scores = scores.Slice((_live.Count + i) * _vocab, _vocab).ToArray();
        for (var i = 0; i < _live.Count; i++)
        {
            _live[i] = _live[i] with { Token = Choose(_live[i].Row, scores.Slice(i * _vocab, _vocab)) };
            if (_drafts[_live[i].Row].Ended) _decoder.Close(_live[i].Sequence);
        }
        _live.RemoveAll(row => _drafts[row.Row].Ended);
    }

    /// <summary>Takes a row's first token from its prompt's scores, and makes it live if it goes on.</summary>
    private void Begin(int row)
    {
        var prompt = _open[_prompts[row]];
        var token = Choose(row, prompt.Scores);
        var isLast = --_rowsLeft[_prompts[row]] == 0;
        if (!_drafts[row].Ended) _live.Add(new LiveRow(row, isLast ? prompt.Sequence : _decoder.Fork(prompt.Sequence), token));
        else if (isLast) _decoder.Close(prompt.Sequence);
        if (isLast) _open.Remove(_prompts[row]);
    }

    private int Choose(int row, ReadOnlySpan<float> scores)
    {
        var draft = _drafts[row];
        var (token, logProb) = _choice.Of(scores, draft.Seen, CounterRandom.Uniform(_options.Seed, _firstRow + row, draft.Length));
        draft.Add(token, logProb);
        _progress?.Invoke(row, token);
        return token;
    }

    private readonly record struct LiveRow(int Row, int Sequence, int Token);

    /// <summary>A prompt that has been read and whose rows have not all begun.</summary>
    private sealed class OpenPrompt(int sequence)
    {
        public int Sequence => sequence;

        /// <summary>[vocab], after its last token.</summary>
        public float[] Scores { get; set; } = [];
    }
}
