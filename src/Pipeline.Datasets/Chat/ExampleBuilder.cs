using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Tokenization;

namespace Pipeline.Datasets.Chat;

/// <summary>Collects the ids of a conversation piece by piece, and the mask beside them.</summary>
internal sealed class ExampleBuilder(Tokenizer tokenizer)
{
    private readonly List<int> _ids = [];
    private readonly List<bool> _mask = [];

    public void Add(string text, bool supervised) => Add(tokenizer.Encode(text), supervised);

    /// <summary>
    /// An assistant turn: supervised up to its last end-of-sequence token. What the template writes after that, such as a
    /// newline, no model samples. SFT that never supervises the end makes models that never stop.
    /// </summary>
    public void AddTurn(string text, int turn)
    {
        var ids = tokenizer.Encode(text);
        var end = Array.FindLastIndex(ids, tokenizer.EosIds.Contains);
        if (end < 0) throw new DatasetException(DatasetErrors.ChatNoEos,
            $"Assistant turn {turn} is rendered without an end-of-sequence token "
            + $"({string.Join(", ", tokenizer.EosIds.Select(tokenizer.TokenOf))}), so a model trained on it would never stop. Let the template write eos_token after each assistant turn, or name the "
            + "token it does write in generation_config.json as eos_token_id.");
        Add(ids[..(end + 1)], supervised: true);
        Add(ids[(end + 1)..], supervised: false);
    }

    public TokenExample Build() => new([.. _ids], [.. _mask]);

    private void Add(int[] ids, bool supervised)
    {
        _ids.AddRange(ids);
        _mask.AddRange(Enumerable.Repeat(supervised, ids.Length));
    }
}
