namespace Pipeline.Training.Sampling;

/// <summary>A completion while it grows.</summary>
/// <param name="prompt">Before it.</param>
/// <param name="options">When it ends.</param>
internal sealed class Draft(int[] prompt, SamplingOptions options)
{
    private readonly List<int> _tokens = new(Math.Min(options.MaxNewTokens, 1024));
    private readonly List<float> _logProbs = new(Math.Min(options.MaxNewTokens, 1024));
    private readonly HashSet<int> _seen = options.RepetitionPenalty == 1 ? [] : [.. prompt];
    private StopReason? _reason;

    /// <summary>Tokens of prompt and completion, each once; kept for a repetition penalty alone.</summary>
    public IReadOnlyCollection<int> Seen => _seen;

    /// <summary>Tokens so far.</summary>
    public int Length => _tokens.Count;

    /// <summary>Whether nothing comes after what is there.</summary>
    public bool Ended => _reason is not null;

    public void Add(int token, float logProb)
    {
        _tokens.Add(token);
        _logProbs.Add(logProb);
        if (options.RepetitionPenalty != 1) _seen.Add(token);
        if (options.EosTokenIds.Contains(token)) _reason = StopReason.Eos;
        else if (options.Stops?.Invoke(_tokens) == true) _reason = StopReason.Stop;
        else if (_tokens.Count == options.MaxNewTokens) _reason = StopReason.Length;
    }

    public Completion ToCompletion() => new([.. _tokens], [.. _logProbs], _reason ?? StopReason.Length);
}
