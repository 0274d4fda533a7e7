using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Preferences;

namespace Pipeline.Stages.Dpo;

/// <summary>Two answers to a prompt as the policy reads them, the tokens of the answers marked.</summary>
/// <param name="Chosen">The better one.</param>
/// <param name="Rejected">The worse one.</param>
internal sealed record PolicyPair(TokenExample Chosen, TokenExample Rejected)
{
    /// <summary>Log-probability of the chosen answer by the reference.</summary>
    public float ReferenceChosen { get; init; }

    /// <summary>Log-probability of the rejected answer by the reference.</summary>
    public float ReferenceRejected { get; init; }

    /// <summary>Tokens of both sides.</summary>
    public int Tokens => Chosen.Length + Rejected.Length;

    /// <summary>Length of the longer side.</summary>
    public int Longest => Math.Max(Chosen.Length, Rejected.Length);

    /// <summary>The pairs of the input <c>dataset</c>.</summary>
    public static HeldOutSplit<PolicyPair> Read(StageContext stage, ChatModel model, DpoOptions options)
    {
        var pairs = stage.Inputs("dataset").SelectMany(Dataset.Read<PreferenceRow>).Select(row =>
        {
            var pair = new PolicyPair(Encode(row.Prompt, row.Chosen), Encode(row.Prompt, row.Rejected));
            return ($"{ProblemId.Of(row.Prompt)}\n{row.Chosen}\n{row.Rejected}", pair.Longest, pair);
        }).ToList();
        return HeldOutSplit<PolicyPair>.Of(stage, options.HeldOut, Math.Min(options.MaxLength, model.Model.Config.MaxPositions), pairs);

        TokenExample Encode(IReadOnlyList<ChatMessage> prompt, string answer) => OnlyLast(model.Chat.Encode([.. prompt, ChatMessage.Assistant(answer)]));
    }

    /// <summary>The answer alone is learnt, not what the assistant said earlier in the prompt: that is the same on both sides.</summary>
    private static TokenExample OnlyLast(TokenExample example)
    {
        var end = Array.LastIndexOf(example.CompletionMask, true);
        var start = Array.FindLastIndex(example.CompletionMask, end, isLearnt => !isLearnt) + 1;
        return example with { CompletionMask = [.. example.CompletionMask.Select((isLearnt, position) => isLearnt && position >= start)] };
    }
}
