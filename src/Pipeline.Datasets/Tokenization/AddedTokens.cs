using System.Buffers;
using System.Text.Json;

namespace Pipeline.Datasets.Tokenization;

/// <summary>Strings that are one token wherever they stand, such as <c>&lt;think&gt;</c>; found before anything else looks at the text.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<char, AddedToken[]> _byFirst;
    private readonly Dictionary<int, AddedToken> _byId;
    private readonly SearchValues<char> _firsts;

    public AddedTokens(IReadOnlyList<AddedToken> tokens)
    {
        _byFirst = tokens.GroupBy(token => token.Text[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Text.Length).ToArray());
        _byId = tokens.ToDictionary(token => token.Id);
        _firsts = SearchValues.Create([.. _byFirst.Keys]);
    }

    public IEnumerable<AddedToken> All => _byId.Values;

    public AddedToken? ById(int id) => _byId.GetValueOrDefault(id);

    /// <summary>The first added token at or after <paramref name="start"/>; of several at one place the longest.</summary>
    public (AddedToken Token, int At)? Find(string text, int start)
    {
        for (var at = start; at < text.Length; at++)
        {
            var step = text.AsSpan(at).IndexOfAny(_firsts);
            if (step < 0) return null;
            at += step;
            foreach (var token in _byFirst[text[at]])
                if (text.AsSpan(at).StartsWith(token.Text, StringComparison.Ordinal)) return (token, at);
        }
        return null;
    }

    public static AddedTokens Read(JsonElement list)
    {
        var tokens = new List<AddedToken>();
        if (list.ValueKind == JsonValueKind.Array)
            foreach (var (element, index) in list.EnumerateArray().Select((element, index) => (element, index)))
            {
                var fields = new JsonFields(element, $"added_tokens[{index}]");
                var id = fields.Take("id");
                var text = fields.TakeText("content");
                if (id.ValueKind != JsonValueKind.Number || string.IsNullOrEmpty(text))
                    throw fields.Unsupported("id", id, "a number, with a content");
                tokens.Add(new AddedToken(id.GetInt32(), text, fields.TakeFlag("special")));
                fields.MustBeOff("single_word");
                fields.MustBeOff("lstrip");
                fields.MustBeOff("rstrip");
                fields.HasNoEffect("normalized"); // the one normalizer read, NFC, changes no text it lets through
                fields.Done();
            }
        return new AddedTokens(tokens);
    }
}

/// <param name="Id">Its id.</param>
/// <param name="Text">How it is written.</param>
/// <param name="IsControl">
/// True for markup between turns, which a message must not contain and which <c>skipSpecial</c> leaves out;
/// false for words of the model such as <c>&lt;think&gt;</c>. Hugging Face's <c>special</c>.
/// </param>
internal sealed record AddedToken(int Id, string Text, bool IsControl);
