using Pipeline.Rewards;
using Pipeline.Stages.ChatModels;
using Pipeline.Training.Sampling;

namespace Pipeline.Stages.Completions;

/// <summary>What a model answered to a prompt, as tokens for training and as text for rewards.</summary>
public sealed record SampledCompletion
{
    /// <param name="model">The model that sampled it.</param>
    /// <param name="prompt">What was asked.</param>
    /// <param name="sample">What came.</param>
    public SampledCompletion(ChatModel model, ChatPrompt prompt, Completion sample)
    {
        (Prompt, Tokens, LogProbs, IsTruncated) = (prompt, sample.Tokens, sample.LogProbs, sample.StopReason == StopReason.Length);
        var spoken = model.Tokenizer.Decode(Tokens, skipSpecial: true);
        Written = model.Tokenizer.Decode(sample.StopReason == StopReason.Eos ? Tokens.AsSpan(..^1) : Tokens);
        Input = InputOf(prompt, model.Chat.Prefill, spoken, Tokens.Length);
    }

    private SampledCompletion(ChatPrompt prompt, string text, int length, bool isTruncated)
    {
        (Prompt, Tokens, LogProbs, IsTruncated, Written) = (prompt, [], [], isTruncated, text);
        Input = InputOf(prompt, prefill: "", text, length);
    }

    /// <summary>What an endpoint answered: text alone.</summary>
    /// <param name="prompt">What was asked.</param>
    /// <param name="text">What came.</param>
    /// <param name="length">Its tokens, by the server's count.</param>
    /// <param name="isTruncated">Whether it met the length limit.</param>
    public static SampledCompletion OfText(ChatPrompt prompt, string text, int length, bool isTruncated) => new(prompt, text, length, isTruncated);

    /// <summary>What was asked.</summary>
    public ChatPrompt Prompt { get; }

    /// <summary>[length]. What the model sampled, the end token included; none from an endpoint.</summary>
    public int[] Tokens { get; }

    /// <summary>[length]. Log-probability of each token under the model that sampled it; none from an endpoint or a checkpoint.</summary>
    public float[] LogProbs { get; }

    /// <summary>Whether it met the length limit before an end token.</summary>
    public bool IsTruncated { get; }

    /// <summary>The text without its end token; a control token that stands elsewhere shows.</summary>
    public string Written { get; }

    /// <summary>The text without any control token, with what rewards judge it by.</summary>
    public RewardInput Input { get; }

    /// <summary>Whether the model wrote markup between turns into its answer.</summary>
    public bool HasControlTokens => Written != Input.Completion;

    private static RewardInput InputOf(ChatPrompt prompt, string prefill, string spoken, int length) => new()
    {
        Prompt = prompt.Text,
        Request = prompt.Row.Prompt is [var only] ? only.Content : string.Join("\n\n", prompt.Row.Prompt.Select(turn => $"{turn.Role}: {turn.Content}")),
        Prefill = prefill,
        Completion = spoken,
        GroundTruth = prompt.Row.GroundTruth is { Length: > 0 } truth ? truth : null,
        Language = prompt.Row.Language,
        Ability = prompt.Row.Ability,
        Length = length,
    };
}
