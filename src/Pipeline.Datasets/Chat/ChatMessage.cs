namespace Pipeline.Datasets.Chat;

/// <summary>One turn of a conversation, as Hugging Face's datasets and chat templates know it.</summary>
/// <param name="Role">Usually <c>system</c>, <c>user</c> or <c>assistant</c>; the template decides what it accepts.</param>
/// <param name="Content">The text of the turn, without the template's markup.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>The role whose turns a model writes.</summary>
    public const string AssistantRole = "assistant";

    /// <summary>The role that asks.</summary>
    public const string UserRole = "user";

    /// <summary>A turn of the user.</summary>
    public static ChatMessage User(string content) => new(UserRole, content);

    /// <summary>A turn of the model.</summary>
    public static ChatMessage Assistant(string content) => new(AssistantRole, content);

    /// <summary>An instruction before the conversation.</summary>
    public static ChatMessage System(string content) => new("system", content);
}
