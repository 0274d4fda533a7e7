using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Stages.GenerateData.Everyday;

/// <summary>
/// An everyday request that needs no chain of thought, with an answer people like and one they do not. The general share
/// of the second SFT, and what the two reward models learn from.
/// </summary>
/// <param name="Language">Language code.</param>
/// <param name="Ability"><c>general</c>, judged by helpfulness, or <c>safety</c>.</param>
/// <param name="Prompt">What the user says.</param>
/// <param name="Good">A helpful and harmless answer.</param>
/// <param name="Bad">An unhelpful or harmful one.</param>
internal sealed record Request(string Language, string Ability, string Prompt, string Good, string Bad)
{
    public const string General = "general";
    public const string Safety = "safety";

    public IReadOnlyList<ChatMessage> Messages => [ChatMessage.User(Prompt)];

    public SftRow ToSft() => new([.. Messages, ChatMessage.Assistant(Good)], Language, Ability);

    public PreferenceRow ToPair() => new(Messages, Good, Bad);

    /// <summary>Judged by a reward model: there is no ground truth.</summary>
    public PromptRow ToPrompt(long index) => new(Messages, "")
    {
        DataSource = "everyday",
        Ability = Ability,
        RewardStyle = "model",
        Index = index,
        Language = Language,
        Split = "train",
    };
}
