using System.Text.Json;

namespace Pipeline.Datasets.Tokenization;

/// <summary>Which ids begin, end and fill sequences, by tokenizer_config.json and generation_config.json.</summary>
/// <remarks>
/// A model may stop at any of several ids (Qwen lists two): the set is the union of both files. The many other fields
/// of the two files speak of other libraries' defaults and are not read.
/// </remarks>
/// <param name="Eos">Ids that end a completion.</param>
/// <param name="EosText">The token a template knows as <c>eos_token</c>; null if there is none.</param>
/// <param name="BosText">The token a template knows as <c>bos_token</c>; null if there is none.</param>
/// <param name="Pad">The id that fills up rows of a batch; null if there is none.</param>
internal sealed record ControlIds(IReadOnlySet<int> Eos, string? EosText, string? BosText, int? Pad)
{
    public static ControlIds Read(string folder, Func<string, int> idOf)
    {
        var config = JsonFiles.ReadOptional(Path.Combine(folder, "tokenizer_config.json"));
        var generation = JsonFiles.ReadOptional(Path.Combine(folder, "generation_config.json"));
        var eosText = TokenText(config, "eos_token");
        var eos = new SortedSet<int>(Ids(generation, "eos_token_id"));
        if (eosText is not null) eos.Add(idOf(eosText));
        var pad = TokenText(config, "pad_token") is { } padText ? idOf(padText)
            : Ids(generation, "pad_token_id").Select(id => (int?)id).FirstOrDefault();
        return new ControlIds(eos, eosText, TokenText(config, "bos_token"), pad);
    }

    /// <summary>Written as a string, or as an object with <c>content</c>.</summary>
    private static string? TokenText(JsonElement config, string name)
    {
        if (config.ValueKind != JsonValueKind.Object || !config.TryGetProperty(name, out var token)) return null;
        if (token.ValueKind == JsonValueKind.Object) token = token.GetProperty("content");
        return token.ValueKind == JsonValueKind.String ? token.GetString() : null;
    }

    private static IEnumerable<int> Ids(JsonElement config, string name)
    {
        if (config.ValueKind != JsonValueKind.Object || !config.TryGetProperty(name, out var ids)) return [];
        return ids.ValueKind switch
        {
            JsonValueKind.Number => [ids.GetInt32()],
            JsonValueKind.Array => ids.EnumerateArray().Select(id => id.GetInt32()),
            _ => [],
        };
    }
}
