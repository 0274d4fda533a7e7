using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Rewards.External;

/// <summary>A completion as others are told of it, and the scores they answer with.</summary>
internal static class RowJson
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // a line break is escaped all the same
    };

    /// <summary>One row, on one line.</summary>
    public static string Of(RewardInput input) => JsonSerializer.Serialize(
        new { input.Prompt, Completion = input.Text, input.GroundTruth, input.Language, input.Ability, input.Length }, s_options);

    /// <summary>A number is a score; null is no opinion. Anything else is not an answer, and gives null.</summary>
    public static RewardScore? Score(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Number when answer.TryGetDouble(out var value) && double.IsFinite(value) => new RewardScore(value),
        JsonValueKind.Null => RewardScore.NotApplicable,
        _ => null,
    };
}
