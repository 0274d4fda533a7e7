using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Training.Models;

/// <summary>The special tokens a sampler needs; what Hugging Face calls <c>generation_config.json</c>.</summary>
/// <param name="EosTokenIds">Every one of them ends a completion. Chat models have several.</param>
/// <param name="BosTokenId">Starts a text, if the tokenizer has such a token.</param>
/// <param name="PadTokenId">Fills short rows, if the tokenizer has such a token.</param>
public sealed record GenerationConfig(IReadOnlyList<int> EosTokenIds, int? BosTokenId = null, int? PadTokenId = null)
{
    internal void WriteTokensTo(JsonObject json)
    {
        if (BosTokenId is { } bos) json["bos_token_id"] = bos;
        if (PadTokenId is { } pad) json["pad_token_id"] = pad;
        // transformers writes a single id as a number and several as a list; llama.cpp's converter wants the number.
        json["eos_token_id"] = EosTokenIds.Count == 1 ? EosTokenIds[0] : new JsonArray([.. EosTokenIds.Select(id => (JsonNode)id)]);
    }

    /// <summary>Reads the ids from generation_config.json or config.json, where they have the same names.</summary>
    internal static GenerationConfig Read(JsonElement json)
    {
        IReadOnlyList<int> eos = json.TryGetProperty("eos_token_id", out var ids) ? ids.ValueKind switch
        {
            JsonValueKind.Number => [ids.GetInt32()],
            JsonValueKind.Array => [.. ids.EnumerateArray().Select(id => id.GetInt32())],
            _ => [],
        } : [];
        return new(eos, One("bos_token_id"), One("pad_token_id"));

        int? One(string name) => json.TryGetProperty(name, out var id) && id.ValueKind == JsonValueKind.Number ? id.GetInt32() : null;
    }
}
