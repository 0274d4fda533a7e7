using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Packing;
using Pipeline.Protocol;

namespace Pipeline.Stages.Loop;

/// <summary>What a checkpoint's <c>state.json</c> holds: all that the next step depends on and that is no tensor.</summary>
/// <param name="Cursor">How far the data is read.</param>
/// <param name="Tokens">Tokens so far, over all attempts.</param>
/// <param name="Seconds">Seconds of work so far, over all attempts.</param>
/// <param name="Tokenizer">Digest of tokenizer and chat template.</param>
/// <param name="Skipped">Steps that were left out.</param>
/// <param name="LastMetrics">The last step's, for a stage that was interrupted after its last step.</param>
/// <param name="Memory">The stage's own.</param>
public sealed record LoopState(
    DataCursor Cursor, long Tokens, double Seconds, string Tokenizer, SkippedSteps Skipped,
    IReadOnlyDictionary<string, double> LastMetrics, JsonObject Memory)
{
    /// <summary>As it stands in the file.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, ProtocolJson.Indented)!.AsObject();

    /// <summary>Read from the file.</summary>
    public static LoopState Of(JsonObject json) => json.Deserialize<LoopState>(ProtocolJson.Indented)!;
}
