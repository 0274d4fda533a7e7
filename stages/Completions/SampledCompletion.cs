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
        Written = model.Tokenizer.Decode(IsTruncated ? Tokens : Tokens.AsSpan(..^1));
        Input = new RewardInput
        {
            Prompt = prompt.Text,
            Prefill = model.Chat.Prefill,
            Completion = spoken,
            GroundTruth = prompt.Row.GroundTruth is { Length: > 0 } truth ? truth : null,
            Language = prompt.Row.Language,
            Ability = prompt.Row.Ability,
            Length = Tokens.Length,
        };
    }

    /// <summary>What was asked.</summary>
    public ChatPrompt Prompt { get; }

    /// <summary>[length]. What the model sampled, the end token included.</summary>
    public int[] Tokens { get; }

    /// <summary>[length]. Log-probability of each token under the model that sampled it.</summary>
    public float[] LogProbs { get; }

    /// <summary>Whether it met the length limit before an end token.</summary>
    public bool IsTruncated { get; }

    /// <summary>The text without its end token; a control token that stands elsewhere shows.</summary>
    public string Written { get; }

    /// <summary>The text without any control token, with what rewards judge it by.</summary>
    public RewardInput Input { get; }

    /// <summary>Whether the model wrote markup between turns into its answer.</summary>
    public bool HasControlTokens => Written != Input.Completion;
}
