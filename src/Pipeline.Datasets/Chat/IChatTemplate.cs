namespace Pipeline.Datasets.Chat;

/// <summary>Writes a conversation as the text a model was trained on.</summary>
public interface IChatTemplate
{
    /// <summary>The conversation as one text.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="addGenerationPrompt">Whether to end with the beginning of an assistant turn, for the model to go on from.</param>
    /// <exception cref="DatasetException">The template refuses this conversation.</exception>
    string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt);
}
